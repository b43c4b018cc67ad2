import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';

/** Picks the target by a one-hot product: tf.gather with batchDims = 1 gives wrong values on WASM (4.22.0). */
export function composedTokenLogprob(hidden: Tensor2D, head: Tensor2D, targets: Tensor1D): Tensor1D {
  return tf.tidy(() => {
    const logprobs = tf.logSoftmax(tf.matMul(hidden, head, false, true));
    return tf.sum(tf.mul(logprobs, tf.cast(tf.oneHot(targets, head.shape[0]), 'float32')), 1);
  });
}

/** [3, n]: see `logitStatistics`. */
export function composedTokenStatistics(hidden: Tensor2D, head: Tensor2D, targets: Tensor1D): Tensor2D {
  return tf.tidy(() => {
    const logits: Tensor2D = tf.matMul(hidden, head, false, true);
    return logitStatistics(logits, tf.logSumExp<Tensor1D>(logits, 1), targets);
  });
}

/**
 * Of each row of logits: the entropy H = −Σ p·log p of its softmax in nats, the mean logit, and 1 where the target is
 * the likeliest token, 0 elsewhere. As TRL's DPOTrainer logs them.
 * @param lse log Σ exp of each row
 * @returns [3, n]
 */
export function logitStatistics(logits: Tensor2D, lse: Tensor1D, targets: Tensor1D): Tensor2D {
  return tf.tidy(() => {
    const logprobs = tf.sub(logits, tf.expandDims(lse, 1));
    const entropy = tf.neg(tf.sum(tf.mul(tf.exp(logprobs), logprobs), 1));
    const hit = tf.cast(tf.equal(tf.argMax(logits, 1), targets), 'float32');
    return tf.stack([entropy, tf.mean(logits, 1), hit]) as Tensor2D;
  });
}
