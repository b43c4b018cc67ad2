import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';

/** Picks the target by a one-hot product: tf.gather with batchDims = 1 gives wrong values on WASM (4.22.0). */
export function composedTokenLogprob(hidden: Tensor2D, head: Tensor2D, targets: Tensor1D): Tensor1D {
  return tf.tidy(() => {
    const logprobs = tf.logSoftmax(tf.matMul(hidden, head, false, true));
    return tf.sum(tf.mul(logprobs, tf.cast(tf.oneHot(targets, head.shape[0]), 'float32')), 1);
  });
}

/**
 * Of each row of logits: the entropy H = −Σ p·log p of its softmax in nats, the mean logit, and 1 where the target is
 * the likeliest token, 0 elsewhere. As TRL's DPOTrainer logs them.
 * @returns [3, n]
 */
export function composedTokenStatistics(hidden: Tensor2D, head: Tensor2D, targets: Tensor1D): Tensor2D {
  return tf.tidy(() => {
    const logits = tf.matMul(hidden, head, false, true);
    const logprobs = tf.logSoftmax(logits);
    const entropy = tf.neg(tf.sum(tf.mul(tf.exp(logprobs), logprobs), 1));
    const hit = tf.cast(tf.equal(tf.argMax(logits, 1), targets), 'float32');
    return tf.stack([entropy, tf.mean(logits, 1), hit]) as Tensor2D;
  });
}
