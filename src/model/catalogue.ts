/** A published model that suits judging in a browser. */
export interface CatalogueEntry {
  /** "organisation/name" on the Hugging Face hub. */
  repository: string;
  title: string;
  licence: string;
  /** The hub wants an account and the licence accepted before it gives the files away. */
  gated: boolean;
  /** What is worth knowing before choosing it. */
  note: string;
  /** Tied weights counted once. */
  parameters: number;
  /** About: safetensors, tokenizer and configuration. The hub's listing says it exactly before a download. */
  downloadBytes: number;
  /** What of its config.json decides about memory. */
  config: Readonly<Record<string, unknown>>;
}

const SLIDING_5_FULL_1 = Array.from({ length: 18 }, (_, i) =>
  i % 6 === 5 ? 'full_attention' : 'sliding_attention',
);

/**
 * Licences, sizes and configurations as the models' pages on huggingface.co showed them in 2026; the weights of all six
 * are bfloat16. `parameters` follows from the configuration, which the tests compute.
 */
export const CATALOGUE: readonly CatalogueEntry[] = [
  {
    repository: 'HuggingFaceTB/SmolLM2-135M-Instruct',
    title: 'SmolLM2 135M Instruct',
    licence: 'Apache 2.0',
    gated: false,
    note: 'The smallest that follows instructions; English. Trains on most devices.',
    parameters: 134_515_008,
    downloadBytes: 271_200_000,
    config: {
      model_type: 'llama',
      vocab_size: 49152,
      hidden_size: 576,
      intermediate_size: 1536,
      num_hidden_layers: 30,
      num_attention_heads: 9,
      num_key_value_heads: 3,
      max_position_embeddings: 8192,
      rms_norm_eps: 1e-5,
      rope_theta: 100_000,
      tie_word_embeddings: true,
      eos_token_id: 2,
    },
  },
  {
    repository: 'HuggingFaceTB/SmolLM2-360M-Instruct',
    title: 'SmolLM2 360M Instruct',
    licence: 'Apache 2.0',
    gated: false,
    note: 'Better English than the 135M at a third of its speed.',
    parameters: 361_821_120,
    downloadBytes: 725_800_000,
    config: {
      model_type: 'llama',
      vocab_size: 49152,
      hidden_size: 960,
      intermediate_size: 2560,
      num_hidden_layers: 32,
      num_attention_heads: 15,
      num_key_value_heads: 5,
      max_position_embeddings: 8192,
      rms_norm_eps: 1e-5,
      rope_theta: 100_000,
      tie_word_embeddings: true,
      eos_token_id: 2,
    },
  },
  {
    repository: 'Qwen/Qwen2.5-0.5B-Instruct',
    title: 'Qwen2.5 0.5B Instruct',
    licence: 'Apache 2.0',
    gated: false,
    note: 'Reads 29 languages.',
    parameters: 494_032_768,
    downloadBytes: 995_200_000,
    config: {
      model_type: 'qwen2',
      vocab_size: 151_936,
      hidden_size: 896,
      intermediate_size: 4864,
      num_hidden_layers: 24,
      num_attention_heads: 14,
      num_key_value_heads: 2,
      max_position_embeddings: 32_768,
      rms_norm_eps: 1e-6,
      rope_theta: 1_000_000,
      tie_word_embeddings: true,
      eos_token_id: 151_645,
    },
  },
  {
    repository: 'Qwen/Qwen3-0.6B',
    title: 'Qwen3 0.6B',
    licence: 'Apache 2.0',
    gated: false,
    note: 'Can think before it answers. Its file holds the embedding twice, so the download is larger than the model.',
    parameters: 596_049_920,
    downloadBytes: 1_514_800_000,
    config: {
      model_type: 'qwen3',
      vocab_size: 151_936,
      hidden_size: 1024,
      intermediate_size: 3072,
      num_hidden_layers: 28,
      num_attention_heads: 16,
      num_key_value_heads: 8,
      head_dim: 128,
      max_position_embeddings: 40_960,
      rms_norm_eps: 1e-6,
      rope_theta: 1_000_000,
      tie_word_embeddings: true,
      eos_token_id: 151_645,
    },
  },
  {
    repository: 'google/gemma-3-270m-it',
    title: 'Gemma 3 270M it',
    licence: 'Gemma terms of use',
    gated: true,
    note: 'Two thirds of it are its vocabulary of 262,144 tokens in many languages.',
    parameters: 268_098_176,
    downloadBytes: 570_800_000,
    config: {
      model_type: 'gemma3_text',
      vocab_size: 262_144,
      hidden_size: 640,
      intermediate_size: 2048,
      num_hidden_layers: 18,
      num_attention_heads: 4,
      num_key_value_heads: 1,
      head_dim: 256,
      max_position_embeddings: 32_768,
      layer_types: SLIDING_5_FULL_1,
      sliding_window: 512,
      rms_norm_eps: 1e-6,
      rope_theta: 1_000_000,
      rope_local_base_freq: 10_000,
      query_pre_attn_scalar: 256,
      hidden_activation: 'gelu_pytorch_tanh',
      tie_word_embeddings: true,
      eos_token_id: [1, 106],
    },
  },
  {
    repository: 'meta-llama/Llama-3.2-1B-Instruct',
    title: 'Llama 3.2 1B Instruct',
    licence: 'Llama 3.2 Community License',
    gated: true,
    note: 'The best judge of the six, for devices with a GPU and memory to spare.',
    parameters: 1_235_814_400,
    downloadBytes: 2_480_800_000,
    config: {
      model_type: 'llama',
      vocab_size: 128_256,
      hidden_size: 2048,
      intermediate_size: 8192,
      num_hidden_layers: 16,
      num_attention_heads: 32,
      num_key_value_heads: 8,
      head_dim: 64,
      max_position_embeddings: 131_072,
      rms_norm_eps: 1e-5,
      rope_theta: 500_000,
      rope_scaling: {
        rope_type: 'llama3',
        factor: 32,
        low_freq_factor: 1,
        high_freq_factor: 4,
        original_max_position_embeddings: 8192,
      },
      tie_word_embeddings: true,
      eos_token_id: [128_001, 128_008, 128_009],
    },
  },
];
