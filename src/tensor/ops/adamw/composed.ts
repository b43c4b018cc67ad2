import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { AdamWStep, AdamWUpdate } from './update.ts';

/** @param clip factor on the gradient: min(1, maxGradNorm / norm) */
export function composedAdamw(update: AdamWUpdate, options: AdamWStep, clip: number): void {
  const { weight, gradient, m, v, weightDecay } = update;
  const { learningRate, beta1, beta2, epsilon, step } = options;
  tf.tidy(() => {
    const g = tf.mul(gradient, clip);
    m.assign(tf.add(tf.mul(m, beta1), tf.mul(g, 1 - beta1)));
    v.assign(tf.add(tf.mul(v, beta2), tf.mul(tf.square(g), 1 - beta2)));
    const denominator = tf.add(tf.div(tf.sqrt(v), Math.sqrt(1 - beta2 ** step)), epsilon);
    const change = tf.mul(tf.div(m, denominator), learningRate / (1 - beta1 ** step));
    weight.assign(tf.sub(tf.mul(weight, 1 - learningRate * weightDecay), change));
  });
}

/** Σ x² over all tensors: the square of the global gradient norm. */
export async function composedSumOfSquares(tensors: Tensor[]): Promise<number> {
  // Not tf.addN: it binds every input at once, and a device allows about ten storage buffers.
  const total = tf.tidy(() =>
    tensors.reduce<Tensor>((sum, x) => tf.add(sum, tf.sum(tf.square(x))), tf.scalar(0)),
  );
  const [value] = await total.data();
  total.dispose();
  return value as number;
}
