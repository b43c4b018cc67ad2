import { logprobBytes } from '../tensor/ops/token-logprob/chunks.ts';
import { isPackedFormat, packedBytes, rowMultiple } from '../tensor/quantised.ts';
import { adaptedWeights } from './adapted-weights.ts';
import { parameterCount, weightShapes, type ModelConfig } from './config.ts';
import type { WeightFormat } from './formats/weight-source.ts';
import { kvBytesPerSlot } from './kv-cache.ts';

export interface MemoryOptions {
  backend: 'wasm' | 'webgpu';
  /** WASM workers, each with its own copy of the model. */
  workers: number;
  /** Sequences that are decoded at once, over all workers. */
  rows: number;
  /** Tokens of the longest sequence. */
  tokens: number;
  /** Tokens in one forward and backward pass of a worker; 0: no training. */
  trainingTokens: number;
  /** How the file stores matrices, which is how a GPU holds them; default: 16 bits. */
  format?: WeightFormat;
  /** Rank of the LoRA adapter that is trained; 0: all weights. Default 16. */
  rank?: number;
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
  /** Trained tensors beside the weights: adapter, two moments, gradients. */
  optimizer: number;
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
/** Most tokens in a forward pass without gradients (workers/engine.worker.ts). */
const FORWARD_TOKENS = { wasm: 2048, webgpu: 512 };
/**
 * Memory that a model needs, by its shapes alone; within a fifth of what is measured (test/browser/model/memory-plan.test.ts).
 * What backends keep for later comes on top: a WASM memory grows in steps of up to 100 MB, and TensorFlow.js pools GPU
 * buffers that are free. A LoRA step at SmolLM2-135M's shape took 891 MB where 807 were planned (WASM), 618 of 575 (WebGPU).
 */
export function memoryPlan(config: ModelConfig, options: MemoryOptions): MemoryPlan {
  const { backend, workers, rows, tokens, trainingTokens, rank = 16 } = options;
  const weights = weightBytes(config, options);
  const prepared = backend === 'wasm' ? matrices(config).reduce((sum, size) => sum + size * FLOAT, 0) : 0;
  const cache = (Math.ceil(rows / workers) + 1) * kvBytesPerSlot(config, tokens);
  const activations = forwardBytes(config, backend, Math.min(FORWARD_TOKENS[backend], tokens));
  const [kept, recomputed] = trainingBytes(config, backend, trainingTokens, rank);
  const recompute = kept > MOST_KEPT;
  const optimizer = trainingTokens === 0 ? 0 : optimizerBytes(config, rank);
  const training = optimizer + (recompute ? recomputed : kept);
  const perWorker = weights + Math.max(prepared + cache + activations, trainingTokens === 0 ? 0 : training);
  const all = (bytes: number) => bytes * workers;
  return {
    weights: all(weights),
    prepared: all(prepared),
    cache: all(cache),
    activations: all(activations),
    kept: all(kept),
    recomputed: all(recomputed),
    recompute,
    optimizer: all(optimizer),
    total: all(perWorker),
    perWorker,
  };
}

function matrices(config: ModelConfig): number[] {
  const shapes = [...weightShapes(config).values()].filter(({ length }) => length === 2);
  return shapes.map(([rows, width]) => (rows as number) * (width as number));
}

/** Matrices as published on a GPU, all else and everything on WASM in float32. */
function weightBytes(config: ModelConfig, { backend, format = 'bf16' }: MemoryOptions): number {
  const parameters = parameterCount(config);
  const packed = backend === 'webgpu' && parameters > MOST_PARAMETERS_IN_FLOAT && isPackedFormat(format);
  if (!packed) return parameters * FLOAT;
  const sizes = matrices(config);
  const inMatrices = sizes.reduce((sum, size) => sum + size, 0);
  const bytes = sizes.reduce(
    (sum, size) => sum + packedBytes(format, Math.ceil(size / rowMultiple(format)) * rowMultiple(format)),
    0,
  );
  return bytes + (parameters - inMatrices) * FLOAT;
}

/** Floats of one token in one layer while the layer is computed: what forward.ts makes and frees at the layer's end. */
function layerWidth({ hiddenSize, intermediateSize, heads, kvHeads, headSize }: ModelConfig): number {
  return 7 * hiddenSize + 3 * intermediateSize + (4 * heads + 5 * kvHeads) * headSize;
}

const logits = (config: ModelConfig, backend: MemoryOptions['backend'], tokens: number) =>
  logprobBytes(backend, tokens, config.vocabularySize, config.hiddenSize);

function forwardBytes(config: ModelConfig, backend: MemoryOptions['backend'], tokens: number): number {
  const [layer, head] = [tokens * layerWidth(config) * FLOAT, logits(config, backend, tokens)];
  // The last layer is freed before the head begins; on the GPU what is freed waits for the queue.
  return backend === 'wasm' ? Math.max(layer, head) : layer + head;
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
  const saved = 4 * hiddenSize + 3 * intermediateSize + 3 * query + 4 * value + heads + 7 * rank;
  const gradients = 16 * hiddenSize + 6 * intermediateSize + 6 * query + 7 * value + 7 * rank;
  const layer = tokens * (saved + gradients) * FLOAT;
  const inputs = 2 * layers * tokens * hiddenSize * FLOAT;
  const head = logits(config, backend, tokens);
  return [layers * layer + head, inputs + layer + head];
}

/** Weights of the adapter, moments, sums of gradients before and after a micro-batch, and its own gradients. */
function optimizerBytes(config: ModelConfig, rank: number): number {
  if (rank === 0) return 5 * parameterCount(config) * FLOAT;
  const factors = [...adaptedWeights(config).values()].map(([out, width]) => rank * (out + width));
  return 6 * FLOAT * factors.reduce((sum, size) => sum + size, 0);
}
