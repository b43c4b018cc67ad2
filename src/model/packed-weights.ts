import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { packWeights } from '../tensor/wasm/packed.ts';
import type { Model } from './model.ts';

/**
 * Prepares the linear weights for many small products while they do not change (decoding). A no-op on WebGPU.
 * @returns a function that frees the prepared copies; call it before the weights change
 */
export function packLinearWeights(model: Model): () => void {
  if (tf.getBackend() !== 'wasm') return () => undefined;
  const matrices = [...model.weights.values()].filter(({ shape }) => shape.length === 2);
  return packWeights(matrices as Tensor2D[]);
}
