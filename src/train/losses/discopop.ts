import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D } from '@tensorflow/tfjs-core';
import { delta, negativeLogSigmoid, type PreferenceLoss } from './loss.ts';

/**
 * DiscoPOP, a loss that a language model proposed (Lu et al. 2024, arXiv 2406.08414, eq. 5): logistic and exponential loss,
 * blended by the margin itself,
 *
 *   (1 − m)·(−log σ(x)) + m·e^(−x),  x = β·Δ, m = σ(x/τ)
 */
export const discopopLoss: PreferenceLoss = (terms, { beta, discopopTau }) => {
  const x = tf.mul<Tensor1D>(delta(terms), beta);
  const blend = tf.sigmoid(tf.div(x, discopopTau));
  return tf.add(tf.mul(negativeLogSigmoid(x), tf.sub(1, blend)), tf.mul(tf.exp(tf.neg(x)), blend));
};
