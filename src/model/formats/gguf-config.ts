import * as v from 'valibot';
import { endTokens } from './gguf-end-tokens.ts';
import type { GgufHeader, GgufMetadata, GgufTensor } from './gguf-header.ts';
import { GgufError } from './gguf-error.ts';
import { MODEL_TYPES } from './gguf-names.ts';

/**
 * Metadata as the config.json that the same model has on the Hugging Face hub, so that one parser reads both. Keys as in
 * github.com/ggml-org/llama.cpp, src/llama-arch.cpp (LLM_KV_NAMES); defaults as in src/llama-model.cpp.
 */

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const positive = v.pipe(v.number(), v.finite(), v.gtValue(0));
const token = v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)));

/** The keys below `<architecture>.` that are read. Lists of one value per layer (`feed_forward_length`, heads) are not. */
const ArchitectureKeys = v.object({
  context_length: count,
  embedding_length: count,
  block_count: v.pipe(count, v.maxValue(1000)),
  feed_forward_length: count,
  'attention.head_count': count,
  'attention.head_count_kv': v.optional(count),
  'attention.key_length': v.optional(count),
  'attention.value_length': v.optional(count),
  'attention.layer_norm_rms_epsilon': positive,
  'attention.sliding_window': v.optional(v.number()),
  'attention.sliding_window_pattern': v.optional(v.union([count, v.array(v.boolean())])),
  'rope.dimension_count': v.optional(count),
  'rope.freq_base': v.optional(positive, 10_000),
  'rope.freq_base_swa': v.optional(positive, 10_000),
  'rope.scale_linear': v.optional(positive),
  'rope.scaling.type': v.optional(v.string()),
  'rope.scaling.factor': v.optional(positive),
  'rope.scaling.original_context_length': v.optional(positive),
});

type ArchitectureKeys = v.InferOutput<typeof ArchitectureKeys>;

/** Keys that change what the model computes in ways that the architectures here do not have; 0 and false are harmless. */
const FOREIGN_KEYS = [
  'expert_count',
  'attn_logit_softcapping',
  'final_logit_softcapping',
  'attention.scale',
  'embedding_scale',
  'logit_scale',
  'residual_scale',
  'attention.clamp_kqv',
  'attention.max_alibi_bias',
  'use_parallel_residual',
];

const TokenKeys = v.object({
  'tokenizer.ggml.bos_token_id': token,
  'tokenizer.ggml.padding_token_id': token,
});

/**
 * @param ropeDivisors what the tensor `rope_freqs.weight` holds, where there is one
 * @returns config.json's object, for parseModelConfig
 * @throws GgufError when the architecture is not built in, or a key is missing or makes no sense
 */
export function configFromGguf(
  header: GgufHeader,
  ropeDivisors: Float32Array | null,
): Record<string, unknown> {
  const { metadata, tensors } = header;
  const architecture = readArchitecture(metadata);
  const keys = parseKeys(ArchitectureKeys, keysBelow(metadata, `${architecture}.`), `${architecture}.`);
  const tokens = parseKeys(TokenKeys, Object.fromEntries(metadata), '');
  checkForeignKeys(metadata, architecture);
  const headSize = keys['attention.key_length'] ?? keys.embedding_length / keys['attention.head_count'];
  checkHeads(keys, headSize);
  return {
    model_type: MODEL_TYPES.get(architecture),
    vocab_size: vocabularySize(tensors),
    hidden_size: keys.embedding_length,
    intermediate_size: keys.feed_forward_length,
    num_hidden_layers: keys.block_count,
    num_attention_heads: keys['attention.head_count'],
    num_key_value_heads: keys['attention.head_count_kv'] ?? keys['attention.head_count'],
    head_dim: headSize,
    max_position_embeddings: keys.context_length,
    rms_norm_eps: keys['attention.layer_norm_rms_epsilon'],
    rope_theta: keys['rope.freq_base'],
    rope_scaling: ropeScaling(keys, ropeDivisors),
    attention_bias: architecture === 'llama' && tensors.some(({ name }) => name === 'blk.0.attn_q.bias'),
    tie_word_embeddings: !tensors.some(({ name }) => name === 'output.weight'),
    ...optional('bos_token_id', tokens['tokenizer.ggml.bos_token_id']),
    ...ends(metadata),
    pad_token_id: tokens['tokenizer.ggml.padding_token_id'] ?? null,
    ...(architecture === 'gemma3' ? gemmaKeys(keys, headSize) : { hidden_act: 'silu' }),
  };
}

/** One id or a list of them, as config.json has it. */
function ends(metadata: GgufMetadata): Record<string, unknown> {
  const ids = endTokens(metadata);
  return ids.length === 0 ? {} : { eos_token_id: ids.length === 1 ? ids[0] : ids };
}

/** @throws GgufError where it is not built in, or the file is one part of several */
export function readArchitecture(metadata: GgufMetadata): string {
  const parts = metadata.get('split.count');
  if (typeof parts === 'number' && parts > 1)
    throw new GgufError(
      `This GGUF file is one of ${parts} parts: join them with llama.cpp's gguf-split first.`,
    );
  const architecture = metadata.get('general.architecture');
  if (typeof architecture !== 'string' || !MODEL_TYPES.has(architecture)) {
    const known = [...MODEL_TYPES.keys()].join(', ');
    throw new GgufError(`The GGUF file's architecture is "${String(architecture)}"; built in are ${known}.`);
  }
  return architecture;
}

function keysBelow(metadata: GgufMetadata, prefix: string): Record<string, unknown> {
  const own = [...metadata].filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
}

function parseKeys<Schema extends v.GenericSchema>(
  schema: Schema,
  keys: Record<string, unknown>,
  prefix: string,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, keys);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new GgufError(`The GGUF metadata "${prefix}${v.getDotPath(issue) ?? ''}": ${issue.message}.`);
}

function checkForeignKeys(metadata: GgufMetadata, architecture: string): void {
  for (const key of FOREIGN_KEYS.map((name) => `${architecture}.${name}`))
    if (metadata.get(key)) throw new GgufError(`This model cannot run here: its metadata set "${key}".`);
}

function checkHeads(keys: ArchitectureKeys, headSize: number): void {
  const valueSize = keys['attention.value_length'] ?? headSize;
  if (valueSize !== headSize)
    throw new GgufError(
      `This model cannot run here: keys of ${headSize} but values of ${valueSize} per head.`,
    );
  const turned = keys['rope.dimension_count'] ?? headSize;
  if (turned !== headSize)
    throw new GgufError(
      `This model cannot run here: ${turned} of ${headSize} elements of a head are rotated.`,
    );
}

function vocabularySize(tensors: readonly GgufTensor[]): number {
  const embedding = tensors.find(({ name }) => name === 'token_embd.weight');
  if (embedding?.shape.length !== 2)
    throw new GgufError('The GGUF file lacks the tensor "token_embd.weight".');
  return embedding.shape[0] as number;
}

function ropeScaling(keys: ArchitectureKeys, divisors: Float32Array | null): Record<string, unknown> | null {
  if (divisors) return { rope_type: 'divisors', divisors: Array.from(divisors) };
  const factor = keys['rope.scaling.factor'] ?? keys['rope.scale_linear'];
  const type = keys['rope.scaling.type'] ?? (factor === undefined ? 'none' : 'linear');
  if (type === 'none') return null;
  return {
    rope_type: type,
    ...optional('factor', factor),
    ...optional('original_max_position_embeddings', keys['rope.scaling.original_context_length']),
  };
}

const optional = (key: string, value: number | undefined) => (value === undefined ? {} : { [key]: value });

/** Gemma 3's 27B alone (62 blocks) scales queries by the width per head instead of the head size. */
function gemmaKeys(keys: ArchitectureKeys, headSize: number): Record<string, unknown> {
  const largest = keys.block_count === 62;
  return {
    hidden_activation: 'gelu_pytorch_tanh',
    query_pre_attn_scalar: largest ? keys.embedding_length / keys['attention.head_count'] : headSize,
    rope_local_base_freq: keys['rope.freq_base_swa'],
    sliding_window: keys['attention.sliding_window'],
    layer_types: layerTypes(keys),
  };
}

/** Every sixth layer attends to all positions, unless the file says otherwise: a period, or true for each layer that slides. */
function layerTypes(keys: ArchitectureKeys): string[] {
  const pattern = keys['attention.sliding_window_pattern'] ?? 6;
  if (typeof pattern !== 'number' && pattern.length !== keys.block_count)
    throw new GgufError(
      `The sliding window pattern has ${pattern.length} entries for ${keys.block_count} layers.`,
    );
  const slides = (layer: number) =>
    typeof pattern === 'number' ? (layer + 1) % pattern !== 0 : pattern[layer] === true;
  return Array.from({ length: keys.block_count }, (_, layer) =>
    slides(layer) ? 'sliding_attention' : 'full_attention',
  );
}
