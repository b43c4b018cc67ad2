import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { currentHeap } from '../../wasm/current.ts';

export interface AdamWStep {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  /** Number of this step, from 1, for the bias corrections. */
  step: number;
  /** Factor on the gradient: min(1, maxGradNorm / norm). */
  clip: number;
}

/**
 * AdamW (Loshchilov & Hutter 2019; torch.optim.AdamW's order of operations), in place on the weight and its moments.
 * On WASM the three tensors change in the heap: nothing else may hold them as constants meanwhile.
 */
export function adamw(
  weight: Variable,
  gradient: Tensor,
  m: Variable,
  v: Variable,
  options: AdamWStep,
): void {
  if (tf.getBackend() === 'wasm') wasmAdamw(weight, gradient, m, v, options);
  else composedAdamw(weight, gradient, m, v, options);
}

function wasmAdamw(weight: Variable, gradient: Tensor, m: Variable, v: Variable, options: AdamWStep): void {
  const heap = currentHeap();
  const { learningRate, beta1, beta2, epsilon, weightDecay, step, clip } = options;
  heap.kernels.adamw(
    heap.address(weight),
    heap.address(gradient),
    heap.address(m),
    heap.address(v),
    weight.size,
    clip,
    learningRate,
    beta1,
    beta2,
    epsilon,
    weightDecay,
    1 - beta1 ** step,
    1 - beta2 ** step,
  );
}

export function composedAdamw(
  weight: Variable,
  gradient: Tensor,
  m: Variable,
  v: Variable,
  options: AdamWStep,
): void {
  const { learningRate, beta1, beta2, epsilon, weightDecay, step, clip } = options;
  tf.tidy(() => {
    const g = tf.mul(gradient, clip);
    m.assign(tf.add(tf.mul(m, beta1), tf.mul(g, 1 - beta1)));
    v.assign(tf.add(tf.mul(v, beta2), tf.mul(tf.square(g), 1 - beta2)));
    const denominator = tf.add(tf.div(tf.sqrt(v), Math.sqrt(1 - beta2 ** step)), epsilon);
    const update = tf.mul(tf.div(m, denominator), learningRate / (1 - beta1 ** step));
    weight.assign(tf.sub(tf.mul(weight, 1 - learningRate * weightDecay), update));
  });
}

/** Σ x² over all tensors: the square of the global gradient norm. */
export async function sumOfSquares(tensors: Tensor[]): Promise<number> {
  if (tf.getBackend() === 'wasm') {
    const heap = currentHeap();
    return tensors.reduce((sum, x) => sum + heap.kernels.sum_of_squares(heap.address(x), x.size), 0);
  }
  // Not tf.addN: it binds every input at once, and a device allows about ten storage buffers.
  const total = tf.tidy(() =>
    tensors.reduce<Tensor>((sum, x) => tf.add(sum, tf.sum(tf.square(x))), tf.scalar(0)),
  );
  const [value] = await total.data();
  total.dispose();
  return value as number;
}
