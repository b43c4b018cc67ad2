/**
 * What sets one decoder-only architecture apart from another. The forward pass is one function that reads these
 * differences as configuration; a new architecture is an entry here and a fixture in test/fixtures/models.
 */

/** The linear layers of a block, by their Hugging Face names. */
export type Projection = 'q_proj' | 'k_proj' | 'v_proj' | 'o_proj' | 'gate_proj' | 'up_proj' | 'down_proj';

/** Names of a block's norms; null where it has none in that place. */
export interface BlockNorms {
  beforeAttention: string;
  /** Applied to what attention adds to the residual stream. */
  afterAttention: string | null;
  beforeMlp: string;
  afterMlp: string | null;
}

export interface Architecture {
  norms: BlockNorms;
  /** Projections that have a bias whatever config.json says. */
  biases: Projection[];
  /** RMSNorm of each head's query and key before they turn (Qwen3, Gemma 3). */
  queryKeyNorm: boolean;
  /** Checkpoints hold w of a norm that multiplies by 1 + w. */
  normsAddOne: boolean;
  /** Embeddings are multiplied by √hidden. */
  scaledEmbeddings: boolean;
  /** Whether a layer slides, where config.json has no `layer_types`. */
  slides: (layer: number, file: SlidingKeys) => boolean;
  /** Values of config.json keys that published files leave out, as in transformers' configuration class. */
  defaults: Record<string, unknown>;
}

/** The keys of config.json by which an architecture chooses its sliding layers. */
export interface SlidingKeys {
  use_sliding_window: boolean;
  max_window_layers: number;
  sliding_window_pattern: number;
}

const LLAMA: Architecture = {
  norms: {
    beforeAttention: 'input_layernorm',
    afterAttention: null,
    beforeMlp: 'post_attention_layernorm',
    afterMlp: null,
  },
  biases: [],
  queryKeyNorm: false,
  normsAddOne: false,
  scaledEmbeddings: false,
  slides: () => false,
  defaults: { tie_word_embeddings: false, hidden_act: 'silu', rope_theta: 10_000 },
};

const slidesAbove: Architecture['slides'] = (layer, file) =>
  file.use_sliding_window && layer >= file.max_window_layers;

/** By `model_type`; checked against transformers 5.18 (models/<type>/modeling_<type>.py). */
export const ARCHITECTURES: ReadonlyMap<string, Architecture> = new Map<string, Architecture>([
  ['llama', LLAMA],
  ['qwen2', { ...LLAMA, biases: ['q_proj', 'k_proj', 'v_proj'], slides: slidesAbove }],
  [
    'qwen3',
    { ...LLAMA, queryKeyNorm: true, slides: slidesAbove, defaults: { ...LLAMA.defaults, head_dim: 128 } },
  ],
  [
    'gemma3_text',
    {
      norms: {
        beforeAttention: 'input_layernorm',
        afterAttention: 'post_attention_layernorm',
        beforeMlp: 'pre_feedforward_layernorm',
        afterMlp: 'post_feedforward_layernorm',
      },
      biases: [],
      queryKeyNorm: true,
      normsAddOne: true,
      scaledEmbeddings: true,
      slides: (layer, file) => (layer + 1) % file.sliding_window_pattern !== 0,
      defaults: {
        vocab_size: 262_208,
        num_attention_heads: 8,
        num_key_value_heads: 4,
        head_dim: 256,
        max_position_embeddings: 131_072,
        rms_norm_eps: 1e-6,
        hidden_activation: 'gelu_pytorch_tanh',
        query_pre_attn_scalar: 256,
        rope_theta: 1_000_000,
        rope_local_base_freq: 10_000,
        sliding_window: 4096,
        sliding_window_pattern: 6,
        tie_word_embeddings: true,
        eos_token_id: 1,
      },
    },
  ],
]);
