import * as tf from '@tensorflow/tfjs-core';
import { delta, type PreferenceLoss } from './loss.ts';

/**
 * Anchored preference optimisation, "down" (APO, D'Oosterlinck et al. 2024, arXiv 2408.06266, eq. 8): for chosen
 * completions worse than what the model writes; lowers both, the rejected ones more,
 *
 *   σ(βA) + 1 − σ(β·Δ)
 */
export const apoDownLoss: PreferenceLoss = (terms, { beta }) =>
  tf.add(tf.sigmoid(tf.mul(terms.a, beta)), tf.sub(1, tf.sigmoid(tf.mul(delta(terms), beta))));
