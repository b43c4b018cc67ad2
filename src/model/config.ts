import * as v from 'valibot';

/** What the forward pass needs to know of a model; sizes are counts, not bytes. */
export interface ModelConfig {
  architecture: 'llama';
  vocabularySize: number;
  hiddenSize: number;
  intermediateSize: number;
  layers: number;
  heads: number;
  kvHeads: number;
  headSize: number;
  contextLength: number;
  normEpsilon: number;
  ropeTheta: number;
  /** True where the output head is the embedding itself. */
  tiedEmbeddings: boolean;
  bos: number;
  eos: number;
  pad: number;
}

/** A config.json that this engine cannot run, with the reason in words. */
export class ModelConfigError extends Error {
  override name = 'ModelConfigError';
}

const size = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000));
const token = v.pipe(v.number(), v.integer(), v.minValue(0));

const ConfigFile = v.object({
  model_type: v.string(),
  vocab_size: size,
  hidden_size: size,
  intermediate_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  num_key_value_heads: v.optional(size),
  head_dim: v.optional(v.nullable(size)),
  max_position_embeddings: size,
  rms_norm_eps: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  rope_theta: v.optional(v.number()),
  rope_parameters: v.optional(
    v.nullable(v.object({ rope_theta: v.optional(v.number()), rope_type: v.optional(v.string()) })),
  ),
  rope_scaling: v.optional(v.nullable(v.unknown())),
  tie_word_embeddings: v.optional(v.boolean(), false),
  attention_bias: v.optional(v.boolean(), false),
  hidden_act: v.optional(v.string(), 'silu'),
  bos_token_id: v.optional(token, 1),
  eos_token_id: v.optional(token, 2),
  pad_token_id: v.optional(v.nullable(token), 0),
});

type ConfigFile = v.InferOutput<typeof ConfigFile>;

/**
 * Reads a Hugging Face config.json.
 * @throws ModelConfigError when the file is malformed or the architecture is not Llama.
 */
export function parseModelConfig(json: unknown): ModelConfig {
  const parsed = v.safeParse(ConfigFile, json);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    throw new ModelConfigError(`config.json: ${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
  }
  const file = parsed.output;
  const problem = unsupported(file);
  if (problem) throw new ModelConfigError(`This model cannot run here: ${problem}.`);
  return {
    architecture: 'llama',
    vocabularySize: file.vocab_size,
    hiddenSize: file.hidden_size,
    intermediateSize: file.intermediate_size,
    layers: file.num_hidden_layers,
    heads: file.num_attention_heads,
    kvHeads: file.num_key_value_heads ?? file.num_attention_heads,
    headSize: headSizeOf(file),
    contextLength: file.max_position_embeddings,
    normEpsilon: file.rms_norm_eps,
    ropeTheta: file.rope_parameters?.rope_theta ?? file.rope_theta ?? 10000,
    tiedEmbeddings: file.tie_word_embeddings,
    bos: file.bos_token_id,
    eos: file.eos_token_id,
    pad: file.pad_token_id ?? file.eos_token_id,
  };
}

const headSizeOf = (file: ConfigFile) => file.head_dim ?? file.hidden_size / file.num_attention_heads;

/** The kernels read four floats at a time, and sixteen of a head. */
function unsupported(file: ConfigFile): string | null {
  const kvHeads = file.num_key_value_heads ?? file.num_attention_heads;
  if (file.model_type !== 'llama')
    return `its architecture is "${file.model_type}", and only "llama" is built in`;
  if (file.attention_bias) return 'its attention has biases';
  if (file.hidden_act !== 'silu') return `its activation is "${file.hidden_act}"`;
  const rope = file.rope_parameters?.rope_type ?? 'default';
  if (rope !== 'default' || file.rope_scaling) return 'its rotary embedding is scaled';
  if (headSizeOf(file) % 16 !== 0) return `its head size ${headSizeOf(file)} is not a multiple of 16`;
  if (file.num_attention_heads % kvHeads !== 0) return 'its query heads do not divide among the key heads';
  for (const [name, width] of Object.entries({
    hidden_size: file.hidden_size,
    intermediate_size: file.intermediate_size,
    vocab_size: file.vocab_size,
  })) {
    if (width % 4 !== 0) return `${name} ${width} is not a multiple of 4`;
  }
  return null;
}

/** Names and shapes of every weight, as Hugging Face's LlamaForCausalLM stores them. */
export function weightShapes(config: ModelConfig): Map<string, number[]> {
  const { hiddenSize, intermediateSize, heads, kvHeads, headSize, vocabularySize } = config;
  const shapes = new Map<string, number[]>([['model.embed_tokens.weight', [vocabularySize, hiddenSize]]]);
  for (let layer = 0; layer < config.layers; layer++) {
    const at = `model.layers.${layer}`;
    shapes.set(`${at}.input_layernorm.weight`, [hiddenSize]);
    shapes.set(`${at}.self_attn.q_proj.weight`, [heads * headSize, hiddenSize]);
    shapes.set(`${at}.self_attn.k_proj.weight`, [kvHeads * headSize, hiddenSize]);
    shapes.set(`${at}.self_attn.v_proj.weight`, [kvHeads * headSize, hiddenSize]);
    shapes.set(`${at}.self_attn.o_proj.weight`, [hiddenSize, heads * headSize]);
    shapes.set(`${at}.post_attention_layernorm.weight`, [hiddenSize]);
    shapes.set(`${at}.mlp.gate_proj.weight`, [intermediateSize, hiddenSize]);
    shapes.set(`${at}.mlp.up_proj.weight`, [intermediateSize, hiddenSize]);
    shapes.set(`${at}.mlp.down_proj.weight`, [hiddenSize, intermediateSize]);
  }
  shapes.set('model.norm.weight', [hiddenSize]);
  if (!config.tiedEmbeddings) shapes.set('lm_head.weight', [vocabularySize, hiddenSize]);
  return shapes;
}

/** Number of parameters, tied weights counted once. */
export function parameterCount(config: ModelConfig): number {
  const sizes = [...weightShapes(config).values()].map((shape) => shape.reduce((a, b) => a * b, 1));
  return sizes.reduce((a, b) => a + b, 0);
}
