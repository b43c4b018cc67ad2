import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D } from '@tensorflow/tfjs-core';
import { delta, negativeLogSigmoid, type PreferenceLoss } from './loss.ts';

/**
 * Efficient exact optimisation, pairwise (EXO, Ji et al. 2024, arXiv 2402.00856, eq. 16): the reverse KL divergence of
 * the policy's preference q = σ(β·Δ) from the labels' (1 − ε, ε),
 *
 *   q·[log q − log(1 − ε)] + (1 − q)·[log(1 − q) − log ε],  ε > 0
 */
export const exoPairLoss: PreferenceLoss = (terms, { beta, labelSmoothing: epsilon }) => {
  const margin = tf.mul<Tensor1D>(delta(terms), beta);
  const side = (x: Tensor1D, label: number) =>
    tf.mul<Tensor1D>(tf.sigmoid(x), tf.neg(tf.add(negativeLogSigmoid(x), Math.log(label))));
  return tf.add(side(margin, 1 - epsilon), side(tf.neg(margin), epsilon));
};
