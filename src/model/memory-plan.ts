import type { BackendName } from '../tensor/backend-name.ts';
import { logprobBytes, rowsPerChunk } from '../tensor/ops/token-logprob/chunks.ts';
import { isPackedFormat, packedBytes, rowMultiple } from '../tensor/quantised.ts';
import { adaptedWeights } from './adapted-weights.ts';
import { parameterCount, weightShapes, type ModelConfig } from './config.ts';
import type { WeightFormat, WeightSource } from './formats/weight-source.ts';
import { kvBytesPerSlot } from './kv-cache.ts';
import { storedName } from './stored-weights.ts';

/** How a file stores matrices: all alike, or each by its name. */
export type MatrixFormats = WeightFormat | ReadonlyMap<string, WeightFormat>;

export interface MemoryOptions {
  backend: BackendName;
  /** WASM workers, each with its own copy of the model. */
  workers: number;
  /** Sequences that are decoded at once, over all workers. */
  rows: number;
  /** Tokens of the longest sequence. */
  tokens: number;
  /** Tokens in one forward and backward pass of a worker; 0: no training. */
  trainingTokens: number;
  /** How the file stores matrices, which is how a GPU holds them; default: 16 bits. */
  format?: MatrixFormats;
  /** Rank of the LoRA adapter that is trained; 0: all weights. Default 16. */
  rank?: number;
  /** Whether layers compute their activations again in the backward pass; default: where all take more than 1 GB. */
  recompute?: boolean;
}

/** Bytes, over all workers. */
export interface MemoryPlan {
  weights: number;
  /** WASM: copies of the matrices in the order in which the product reads them, while tokens are decoded. */
  prepared: number;
  /** Keys and values. */
  cache: number;
  /** A forward pass without gradients. */
  activations: number;
  /** Training: activations that wait for the backward pass, when all are kept, */
  kept: number;
  /** and when each layer keeps its input and computes the rest again. */
  recomputed: number;
  /** Whether training should recompute. */
  recompute: boolean;
  /** Training: activations that wait for the backward pass, as `trainingPass` chooses. */
  trainingActivations: number;
  /** Trained tensors beside the weights: adapter, two moments, gradients. */
  optimizer: number;
  /** WASM: what the heap has beyond what lies in it. */
  reserve: number;
  /** All that training takes, weights and reserve included; 0 without training. */
  training: number;
  /** Judging or training, whichever takes more: they do not happen at once. */
  total: number;
  /** Of one worker. */
  perWorker: number;
}

const FLOAT = 4;
/** Models up to this size (48 MB in float32; the embedded judge has 1.7 million) are float32 everywhere, to be trained in full. */
export const MOST_PARAMETERS_IN_FLOAT = 12_000_000;
/** Recomputing costs a third more time: up to here, memory is better spent on keeping. (The embedded judge: 0.3 GB.) */
const MOST_KEPT = 1e9;
/** Most tokens in a forward pass without gradients. */
export const FORWARD_TOKENS = { wasm: 2048, webgpu: 512 };
/** Most tokens in a forward and backward pass, as long as their activations are few enough to be kept. */
const TRAINING_TOKENS = { wasm: 1536, webgpu: 512 };
/** In one that computes them again: a model that has to is large, so that what is left of them stays small, too. */
const RECOMPUTED_TOKENS = 512;

/** A forward and backward pass of training. */
export interface TrainingPass {
  /** Most tokens in it. */
  tokens: number;
  /** Whether layers compute their activations again in the backward pass (recompute.ts). */
  recompute: boolean;
}

/**
 * How training goes through sequences: with all activations kept where they take at most 1 GB. On WASM a shorter pass will
 * do, if the longest sequence fits into it: one core trains Gemma 3 270M at 60 tokens/s in passes of 256 tokens, and at 46
 * in passes of 512 that compute activations again. A GPU wants long passes.
 * @param longest tokens of the longest sequence
 */
export function trainingPass(
  config: ModelConfig,
  backend: MemoryOptions['backend'],
  rank: number,
  longest: number,
): TrainingPass {
  const most = TRAINING_TOKENS[backend];
  const [kept] = trainingBytes(config, backend, most, rank);
  if (kept <= MOST_KEPT) return { tokens: most, recompute: false };
  const few = Math.floor((most * MOST_KEPT) / kept);
  if (backend === 'wasm' && longest <= few) return { tokens: few, recompute: false };
  return { tokens: RECOMPUTED_TOKENS, recompute: true };
}

/**
 * Memory that a model needs, by its shapes alone: at least what is measured, and at most 1.3 times that. The parts are
 * held to a small model (test/browser/model/memory-plan.test.ts), the whole to `npm run memory` at SmolLM2-135M's shape
 * (test/unit/model/memory-plan.test.ts).
 */
export function memoryPlan(config: ModelConfig, options: MemoryOptions): MemoryPlan {
  const { backend, workers, rows, tokens, trainingTokens, rank = 16 } = options;
  const weights = weightBytes(config, options);
  const prepared = backend === 'wasm' ? FLOAT * sum(matrices(config).values()) : 0;
  const cache = (Math.ceil(rows / workers) + 1) * kvBytesPerSlot(config, tokens);
  const activations = forwardBytes(config, backend, Math.min(FORWARD_TOKENS[backend], tokens));
  const [kept, recomputed] = trainingBytes(config, backend, trainingTokens, rank);
  const recompute = options.recompute ?? kept > MOST_KEPT;
  const optimizer = trainingTokens === 0 ? 0 : optimizerBytes(config, rank);
  const judged = weights + prepared + cache + activations;
  const trainingActivations = Math.max(recompute ? recomputed : kept, keptInPass(config, options));
  const trained = trainingTokens === 0 ? 0 : weights + optimizer + trainingActivations;
  const reserveOf = (bytes: number) => (backend === 'wasm' && bytes > 0 ? heapReserve(bytes) : 0);
  const most = Math.max(judged, trained);
  const perWorker = most + reserveOf(most);
  const all = (bytes: number) => bytes * workers;
  return {
    weights: all(weights),
    prepared: all(prepared),
    cache: all(cache),
    activations: all(activations),
    kept: all(kept),
    recomputed: all(recomputed),
    recompute,
    trainingActivations: all(trainingActivations),
    optimizer: all(optimizer),
    reserve: all(reserveOf(most)),
    training: all(trained + reserveOf(trained)),
    total: all(perWorker),
    perWorker,
  };
}

/** What a pass of training keeps, also where only one over short sequences does: see `trainingPass`. */
function keptInPass(config: ModelConfig, options: MemoryOptions): number {
  const { backend, trainingTokens, rank = 16, recompute } = options;
  if (trainingTokens === 0 || recompute !== undefined) return 0;
  const pass = trainingPass(config, backend, rank, 0);
  return pass.recompute ? 0 : trainingBytes(config, backend, pass.tokens, rank)[0];
}

/** What TensorFlow.js's binary begins with, before there is a tensor. */
const HEAP_AT_START = 16 * 2 ** 20;
const MOST_HEAP_STEP = 96 * 2 ** 20;

/**
 * Most that a heap with this many bytes in it has beyond them. Emscripten's runtime (`_emscripten_resize_heap` in
 * tfjs-backend-wasm 4.22.0) grows a heap that is too small by a fifth, and by 96 MB at most; it never shrinks.
 */
const heapReserve = (bytes: number) => HEAP_AT_START + Math.min((bytes + HEAP_AT_START) / 5, MOST_HEAP_STEP);

/** Elements of each matrix by its name. */
function matrices(config: ModelConfig): Map<string, number> {
  const shapes = [...weightShapes(config)].filter(([, { length }]) => length === 2);
  return new Map(shapes.map(([name, [rows, width]]) => [name, (rows as number) * (width as number)]));
}

const sum = (sizes: Iterable<number>): number => [...sizes].reduce((total, size) => total + size, 0);

/** The formats of a model's matrices, for its plan. */
export function publishedFormats(config: ModelConfig, source: WeightSource): Map<string, WeightFormat> {
  const formats = [...matrices(config).keys()].map((name): [string, WeightFormat] => [
    name,
    source.entries.get(storedName(source, name) ?? name)?.format ?? 'f32',
  ]);
  return new Map(formats);
}

/** Matrices as published on a GPU, all else and everything on WASM in float32. */
function weightBytes(config: ModelConfig, { backend, format = 'bf16' }: MemoryOptions): number {
  const parameters = parameterCount(config);
  if (backend === 'wasm' || parameters <= MOST_PARAMETERS_IN_FLOAT) return parameters * FLOAT;
  const sizes = matrices(config);
  const formatOf = (name: string) => (typeof format === 'string' ? format : (format.get(name) ?? 'f32'));
  const inMatrices = sum(sizes.values());
  return (
    sum([...sizes].map(([name, size]) => matrixBytes(formatOf(name), size))) +
    (parameters - inMatrices) * FLOAT
  );
}

function matrixBytes(format: WeightFormat, size: number): number {
  if (!isPackedFormat(format)) return size * FLOAT;
  return packedBytes(format, Math.ceil(size / rowMultiple(format)) * rowMultiple(format));
}

/**
 * Activations of one layer while it is computed, with an adapter: what forward.ts makes and frees at the layer's end. On
 * the GPU the next layer meets them: TensorFlow.js submits its work 15 dispatches at a time
 * (WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE, 4.22.0), and what was freed comes back only then.
 */
function layerBytes(config: ModelConfig, tokens: number): number {
  const { hiddenSize, intermediateSize, heads, kvHeads, headSize } = config;
  const floats = 6 * hiddenSize + 5 * intermediateSize + (4 * heads + 6 * kvHeads) * headSize;
  return tokens * floats * FLOAT + moreNormsBytes(config, tokens);
}

const moreNormsBytes = (config: ModelConfig, tokens: number) => tokens * moreNorms(config) * FLOAT;

/** What the norms that only some architectures have write for a token: queries, keys and values twice, and what is added. */
function moreNorms({ queryKeyNorm, norms, hiddenSize, heads, kvHeads, headSize }: ModelConfig): number {
  const added = [norms.afterAttention, norms.afterMlp].filter((name) => name !== null).length;
  return (queryKeyNorm ? 2 * (heads + 2 * kvHeads) * headSize : 0) + added * hiddenSize;
}

/** Log-probabilities of this many tokens, beside their inputs. */
function headBytes(config: ModelConfig, backend: MemoryOptions['backend'], tokens: number): number {
  const { vocabularySize, hiddenSize } = config;
  const once = logprobBytes(backend, tokens, vocabularySize, hiddenSize);
  return backend === 'webgpu' && tokens > rowsPerChunk(vocabularySize) ? CHUNKS_IN_POOL * once : once;
}

/**
 * A chunk of rows takes at least four dispatches, so that it, too, meets those before it. And the pool of freed buffers
 * gives each to its own size only: the last chunk, which has fewer rows, needs its own.
 */
const CHUNKS_IN_POOL = 4;

function forwardBytes(config: ModelConfig, backend: MemoryOptions['backend'], tokens: number): number {
  const [layer, head] = [layerBytes(config, tokens), headBytes(config, backend, tokens)];
  // The last layer is freed before the head begins; on the GPU it waits in the pool, for buffers of its own sizes.
  // A layer is about ten dispatches and a submission fifteen, so half of the layer before it waits, too; not what its
  // further norms wrote, which is of the sizes that the layer's other tensors ask for.
  return backend === 'wasm' ? Math.max(layer, head) : 1.5 * layer - moreNormsBytes(config, tokens) / 2 + head;
}

/**
 * What the tape of TensorFlow.js holds for a layer: inputs that gradients need, and in the backward pass every
 * intermediate gradient, which it frees at the end only.
 * @returns all layers kept; one layer, and two tensors [tokens, hiddenSize] of every other
 */
function trainingBytes(
  config: ModelConfig,
  backend: MemoryOptions['backend'],
  tokens: number,
  rank: number,
): [kept: number, recomputed: number] {
  if (tokens === 0) return [0, 0];
  const { layers, hiddenSize, intermediateSize, heads, kvHeads, headSize } = config;
  const [query, value] = [heads * headSize, kvHeads * headSize];
  const joined = query + 2 * value;
  const more = moreNorms(config); // each keeps what it reads, and has a gradient
  const saved = 4 * hiddenSize + 3 * intermediateSize + query + joined + more + heads + 7 * rank;
  const gradients = 8 * hiddenSize + 4 * intermediateSize + 2 * query + 2 * joined + more + 7 * rank;
  const layer = tokens * (saved + gradients) * FLOAT;
  const inputs = 2 * layers * tokens * hiddenSize * FLOAT;
  // The last norm's output, the rows taken of it, their gradients, and on WASM the log-probabilities' derivative.
  const final = (backend === 'wasm' ? 5 : 4) * tokens * hiddenSize * FLOAT;
  const head = final + headBytes(config, backend, tokens);
  // On the GPU what a forward pass frees waits in the pool.
  const freed = backend === 'wasm' ? 0 : layerBytes(config, tokens);
  return [layers * layer + freed + head, inputs + layer + freed + head];
}

/** Weights of the adapter, moments, sums of gradients before and after a micro-batch, and its own gradients. */
function optimizerBytes(config: ModelConfig, rank: number): number {
  if (rank === 0) return 5 * parameterCount(config) * FLOAT;
  const factors = [...adaptedWeights(config).values()].map(([out, width]) => rank * (out + width));
  return 6 * FLOAT * sum(factors);
}
