import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';

/** Picks the target by a one-hot product: tf.gather with batchDims = 1 gives wrong values on WASM (4.22.0). */
export function composedTokenLogprob(hidden: Tensor2D, head: Tensor2D, targets: Tensor1D): Tensor1D {
  return tf.tidy(() => {
    const logprobs = tf.logSoftmax(tf.matMul(hidden, head, false, true));
    return tf.sum(tf.mul(logprobs, tf.cast(tf.oneHot(targets, head.shape[0]), 'float32')), 1);
  });
}
