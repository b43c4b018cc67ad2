import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D } from '@tensorflow/tfjs-core';
import { delta, negativeLogSigmoid, type PreferenceLoss } from './loss.ts';

/**
 * Robust DPO (Chowdhury et al. 2024, arXiv 2403.00409): an unbiased estimate of the DPO loss where a share ε of the
 * labels is flipped,
 *
 *   [−(1 − ε)·log σ(β·Δ) + ε·log σ(−β·Δ)] / (1 − 2ε),  0 ≤ ε < ½
 */
export const robustLoss: PreferenceLoss = (terms, { beta, labelSmoothing: epsilon }) => {
  const margin = tf.mul<Tensor1D>(delta(terms), beta);
  const clean = tf.mul(negativeLogSigmoid(margin), 1 - epsilon);
  const flipped = tf.mul(negativeLogSigmoid(tf.neg(margin)), epsilon);
  return tf.div(tf.sub(clean, flipped), 1 - 2 * epsilon);
};
