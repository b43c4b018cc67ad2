import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';

export function composedRmsNorm(x: Tensor2D, w: Tensor1D, epsilon: number): Tensor2D {
  return tf.tidy(() => {
    const meanSquare = tf.mean(tf.square(x), 1, true);
    return tf.mul(tf.mul(x, tf.rsqrt(tf.add(meanSquare, epsilon))), w);
  });
}
