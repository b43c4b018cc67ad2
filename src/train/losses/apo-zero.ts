import * as tf from '@tensorflow/tfjs-core';
import { type PreferenceLoss } from './loss.ts';

/**
 * Anchored preference optimisation, "zero" (APO, D'Oosterlinck et al. 2024, arXiv 2408.06266, eq. 7): for chosen
 * completions better than what the model writes; raises them and lowers the rejected ones,
 *
 *   1 − σ(βA) + σ(βB)
 */
export const apoZeroLoss: PreferenceLoss = ({ a, b }, { beta }) => {
  return tf.add(tf.sub(1, tf.sigmoid(tf.mul(a, beta))), tf.sigmoid(tf.mul(b, beta)));
};
