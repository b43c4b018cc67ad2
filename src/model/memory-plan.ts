import { parameterCount, type ModelConfig } from './config.ts';

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
}

/** Bytes, over all workers. `total` is the larger of judging and training, which do not happen at once. */
export interface MemoryPlan {
  weights: number;
  cache: number;
  activations: number;
  training: number;
  total: number;
}

const FLOAT = 4;
/** Log-probabilities are computed in chunks of the vocabulary, so that no larger tensor of logits exists. */
const LOGITS = 64e6;
/** Tokens in a forward pass without gradients. */
const FORWARD_TOKENS = 2048;

/**
 * Memory that a model needs, by its shapes alone. Weights: float32 on WASM, as published (16 bits) on WebGPU.
 * Training keeps each layer's input and recomputes the rest of the layer in its backward pass.
 */
export function memoryPlan(config: ModelConfig, options: MemoryOptions): MemoryPlan {
  const { backend, workers, rows, tokens, trainingTokens } = options;
  const { layers, hiddenSize, intermediateSize, heads, kvHeads, headSize } = config;
  const weights = parameterCount(config) * (backend === 'wasm' ? FLOAT * workers : 2);
  const cache = 2 * layers * kvHeads * headSize * rows * tokens * FLOAT;
  const layerWidth = 4 * hiddenSize + 3 * intermediateSize + 2 * (heads + kvHeads) * headSize;
  const pass = (count: number) => workers * (count * layerWidth * FLOAT + LOGITS);
  const activations = pass(Math.min(FORWARD_TOKENS, tokens));
  const kept = workers * layers * trainingTokens * hiddenSize * FLOAT;
  const training = trainingTokens > 0 ? 2 * pass(trainingTokens) + kept : 0;
  return { weights, cache, activations, training, total: weights + Math.max(cache + activations, training) };
}
