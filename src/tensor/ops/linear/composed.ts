import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';

export function composedLinear(x: Tensor2D, w: Tensor2D): Tensor2D {
  return tf.matMul(x, w, false, true);
}
