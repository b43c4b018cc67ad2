import * as v from 'valibot';
import { ARCHITECTURES, type Architecture, type BlockNorms, type Projection } from './architectures.ts';
import { ModelConfigError } from './config-error.ts';
import { readRopes, type Rope } from './rope.ts';

export { ModelConfigError };

/** A sliding layer sees the last `window` positions, a full one all of them. */
export type LayerType = 'full' | 'sliding';

/** What the forward pass needs to know of a model; sizes are counts, not bytes. */
export interface ModelConfig {
  /** `model_type` in config.json. */
  architecture: string;
  vocabularySize: number;
  hiddenSize: number;
  intermediateSize: number;
  layers: number;
  heads: number;
  kvHeads: number;
  headSize: number;
  contextLength: number;
  layerTypes: LayerType[];
  /** Positions that a sliding layer sees, its own included. */
  window: number;
  rope: Record<LayerType, Rope>;
  norms: BlockNorms;
  normEpsilon: number;
  /** Checkpoints in the Hugging Face layout hold w of norms that multiply by 1 + w. */
  normsAddOne: boolean;
  queryKeyNorm: boolean;
  /** Projections with a bias. */
  biases: Projection[];
  activation: 'silu' | 'gelu';
  /** Multiplies embeddings. */
  embeddingScale: number;
  /** Multiplies q·k. */
  queryScale: number;
  /** True where the output head is the embedding itself. */
  tiedEmbeddings: boolean;
  /** Tokens that end a text; any of them does. */
  eos: number[];
}

const size = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000));
const context = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000_000));
const token = v.pipe(v.number(), v.integer(), v.minValue(0));
const tokens = v.nullish(v.union([token, v.pipe(v.array(token), v.maxLength(64))]));
const positive = v.pipe(v.number(), v.finite(), v.gtValue(0));
const flag = v.optional(v.nullable(v.boolean()), false);
const rope = v.nullish(v.record(v.string(), v.unknown()));

const ConfigFile = v.object({
  model_type: v.string(),
  vocab_size: size,
  hidden_size: size,
  intermediate_size: size,
  num_hidden_layers: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)),
  num_attention_heads: size,
  num_key_value_heads: v.nullish(size),
  head_dim: v.nullish(size),
  max_position_embeddings: context,
  rms_norm_eps: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  rope_theta: v.optional(positive),
  rope_local_base_freq: v.optional(positive),
  rope_parameters: rope,
  rope_scaling: rope,
  partial_rotary_factor: v.optional(v.number(), 1),
  layer_types: v.nullish(v.array(v.string())),
  sliding_window: v.nullish(size),
  sliding_window_pattern: v.optional(size, 6),
  _sliding_window_pattern: v.optional(size),
  use_sliding_window: flag,
  max_window_layers: v.optional(v.number(), 0),
  query_pre_attn_scalar: v.optional(positive),
  attention_bias: flag,
  mlp_bias: flag,
  hidden_act: v.optional(v.string()),
  hidden_activation: v.nullish(v.string()),
  attn_logit_softcapping: v.nullish(v.number()),
  final_logit_softcapping: v.nullish(v.number()),
  use_bidirectional_attention: v.nullish(v.boolean()),
  quantization_config: v.optional(v.unknown()),
  tie_word_embeddings: v.boolean(),
  eos_token_id: tokens,
});

type ConfigFile = v.InferOutput<typeof ConfigFile>;

/**
 * Reads a Hugging Face config.json; of a multimodal Gemma 3, the language model in it.
 * @param generation generation_config.json, whose end tokens go before those of config.json
 * @throws ModelConfigError when the file is malformed or the model needs something that is not built in.
 */
export function parseModelConfig(json: unknown, generation?: unknown): ModelConfig {
  const keys = languageModelKeys(json);
  const type = typeof keys['model_type'] === 'string' ? keys['model_type'] : '';
  const architecture = ARCHITECTURES.get(type);
  if (!architecture) {
    const known = [...ARCHITECTURES.keys()].map((name) => `"${name}"`).join(', ');
    throw new ModelConfigError(
      `This model cannot run here: its architecture is "${type}"; ${known} are built in.`,
    );
  }
  const file = parse(ConfigFile, { ...architecture.defaults, ...keys }, 'config.json');
  const problem = unsupported(file);
  if (problem) throw new ModelConfigError(`This model cannot run here: ${problem}.`);
  const ends = parse(v.object({ eos_token_id: tokens }), generation ?? {}, 'generation_config.json');
  const config = {
    ...describe(file, architecture),
    eos: [ends.eos_token_id ?? file.eos_token_id ?? []].flat(),
  };
  checkRopes(config);
  return config;
}

function languageModelKeys(json: unknown): Record<string, unknown> {
  const keys = parse(v.record(v.string(), v.unknown()), json, 'config.json');
  if (keys['model_type'] !== 'gemma3') return keys;
  const text = parse(v.record(v.string(), v.unknown()), keys['text_config'], 'config.json: text_config');
  const { eos_token_id } = keys;
  return { model_type: 'gemma3_text', ...(eos_token_id ? { eos_token_id } : {}), ...text };
}

function parse<Schema extends v.GenericSchema>(
  schema: Schema,
  json: unknown,
  file: string,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, json);
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  throw new ModelConfigError(`${file}: ${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
}

function describe(file: ConfigFile, architecture: Architecture): Omit<ModelConfig, 'eos'> {
  const { norms, normsAddOne, queryKeyNorm } = architecture;
  return {
    architecture: file.model_type,
    vocabularySize: file.vocab_size,
    hiddenSize: file.hidden_size,
    intermediateSize: file.intermediate_size,
    layers: file.num_hidden_layers,
    heads: file.num_attention_heads,
    kvHeads: kvHeadsOf(file),
    headSize: headSizeOf(file),
    contextLength: file.max_position_embeddings,
    layerTypes: layerTypesOf(file, architecture),
    window: file.sliding_window ?? file.max_position_embeddings,
    rope: readRopes(file),
    norms,
    normEpsilon: file.rms_norm_eps,
    normsAddOne,
    queryKeyNorm,
    biases: biasesOf(file, architecture),
    activation: activationOf(file) === 'silu' ? 'silu' : 'gelu',
    embeddingScale: architecture.scaledEmbeddings ? Math.sqrt(file.hidden_size) : 1,
    queryScale: 1 / Math.sqrt(file.query_pre_attn_scalar ?? headSizeOf(file)),
    tiedEmbeddings: file.tie_word_embeddings,
  };
}

const kvHeadsOf = (file: ConfigFile) => file.num_key_value_heads ?? file.num_attention_heads;
const headSizeOf = (file: ConfigFile) => file.head_dim ?? file.hidden_size / file.num_attention_heads;
const activationOf = (file: ConfigFile) => file.hidden_activation ?? file.hidden_act;

function layerTypesOf(file: ConfigFile, { slides }: Architecture): LayerType[] {
  const pattern = file._sliding_window_pattern ?? file.sliding_window_pattern;
  return Array.from({ length: file.num_hidden_layers }, (_, layer) => {
    const named = file.layer_types?.[layer];
    const sliding = named
      ? named === 'sliding_attention'
      : slides(layer, {
          use_sliding_window: file.use_sliding_window ?? false,
          max_window_layers: file.max_window_layers,
          sliding_window_pattern: pattern,
        });
    return sliding ? 'sliding' : 'full';
  });
}

function biasesOf(file: ConfigFile, { biases }: Architecture): Projection[] {
  const attention: Projection[] = ['q_proj', 'k_proj', 'v_proj', 'o_proj'];
  const mlp: Projection[] = ['gate_proj', 'up_proj', 'down_proj'];
  return [...(file.attention_bias ? attention : biases), ...(file.mlp_bias ? mlp : [])];
}

const LAYER_TYPES = ['full_attention', 'sliding_attention'];
const ACTIVATIONS = ['silu', 'gelu_pytorch_tanh'];

/** The kernels read four floats at a time, and sixteen of a head. */
function unsupported(file: ConfigFile): string | null {
  const activation = activationOf(file) ?? 'unnamed';
  if (!ACTIVATIONS.includes(activation)) return `its activation is "${activation}"`;
  if (file.attn_logit_softcapping || file.final_logit_softcapping) return 'it caps its logits softly';
  if (file.use_bidirectional_attention) return 'its attention looks ahead';
  if (file.partial_rotary_factor !== 1) return 'its rotary embedding turns only a part of each head';
  if (file.quantization_config)
    return 'its safetensors are quantised; its original or a GGUF file can be read';
  const types = file.layer_types;
  if (types && types.length !== file.num_hidden_layers)
    return `it names ${types.length} layer types for ${file.num_hidden_layers} layers`;
  const strange = types?.find((type) => !LAYER_TYPES.includes(type));
  if (strange !== undefined) return `it has a layer of type "${strange}"`;
  return unsupportedSize(file);
}

function unsupportedSize(file: ConfigFile): string | null {
  if (headSizeOf(file) % 16 !== 0) return `its head size ${headSizeOf(file)} is not a multiple of 16`;
  if (file.num_attention_heads % kvHeadsOf(file) !== 0)
    return 'its query heads do not divide among the key heads';
  const widths = ['hidden_size', 'intermediate_size', 'vocab_size'] as const;
  const odd = widths.find((name) => file[name] % 4 !== 0);
  return odd ? `${odd} ${file[odd]} is not a multiple of 4` : null;
}

function checkRopes({ rope, headSize }: ModelConfig): void {
  for (const { scaling } of Object.values(rope)) {
    if (scaling?.type === 'divisors' && scaling.divisors.length !== headSize / 2) {
      throw new ModelConfigError(
        `The rotary embedding has ${scaling.divisors.length} divisors, and a head of ${headSize} needs ${headSize / 2}.`,
      );
    }
  }
}

/** Names and shapes of every weight, as Hugging Face's checkpoints store them. */
export function weightShapes(config: ModelConfig): Map<string, number[]> {
  const { hiddenSize, vocabularySize } = config;
  const shapes = new Map<string, number[]>([['model.embed_tokens.weight', [vocabularySize, hiddenSize]]]);
  for (let layer = 0; layer < config.layers; layer++) {
    for (const [name, shape] of blockShapes(config)) shapes.set(`model.layers.${layer}.${name}`, shape);
  }
  shapes.set('model.norm.weight', [hiddenSize]);
  if (!config.tiedEmbeddings) shapes.set('lm_head.weight', [vocabularySize, hiddenSize]);
  return shapes;
}

function blockShapes(config: ModelConfig): [name: string, shape: number[]][] {
  const { hiddenSize, intermediateSize, heads, kvHeads, headSize, norms } = config;
  const norm = (name: string | null): [string, number[]][] =>
    name ? [[`${name}.weight`, [hiddenSize]]] : [];
  const linear = (part: string, name: Projection, out: number, width: number): [string, number[]][] => [
    [`${part}.${name}.weight`, [out, width]],
    ...(config.biases.includes(name) ? ([[`${part}.${name}.bias`, [out]]] as [string, number[]][]) : []),
  ];
  const queryKeyNorms: [string, number[]][] = [
    ['self_attn.q_norm.weight', [headSize]],
    ['self_attn.k_norm.weight', [headSize]],
  ];
  return [
    ...norm(norms.beforeAttention),
    ...linear('self_attn', 'q_proj', heads * headSize, hiddenSize),
    ...linear('self_attn', 'k_proj', kvHeads * headSize, hiddenSize),
    ...linear('self_attn', 'v_proj', kvHeads * headSize, hiddenSize),
    ...linear('self_attn', 'o_proj', hiddenSize, heads * headSize),
    ...(config.queryKeyNorm ? queryKeyNorms : []),
    ...norm(norms.afterAttention),
    ...norm(norms.beforeMlp),
    ...linear('mlp', 'gate_proj', intermediateSize, hiddenSize),
    ...linear('mlp', 'up_proj', intermediateSize, hiddenSize),
    ...linear('mlp', 'down_proj', hiddenSize, intermediateSize),
    ...norm(norms.afterMlp),
  ];
}

/** Number of parameters, tied weights counted once. */
export function parameterCount(config: ModelConfig): number {
  const sizes = [...weightShapes(config).values()].map((shape) => shape.reduce((a, b) => a * b, 1));
  return sizes.reduce((a, b) => a + b, 0);
}
