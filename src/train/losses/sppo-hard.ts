import * as tf from '@tensorflow/tfjs-core';
import { type PreferenceLoss } from './loss.ts';

/**
 * Self-play preference optimisation with hard labels (SPPO, Wu et al. 2024, arXiv 2405.00675, eq. 4.7 with P = 1 for the
 * winner and 0 for the loser):
 *
 *   (A − 1/(2β))² + (B + 1/(2β))²
 */
export const sppoHardLoss: PreferenceLoss = ({ a, b }, { beta }) => {
  const half = 0.5 / beta;
  return tf.add(tf.square(tf.sub(a, half)), tf.square(tf.add(b, half)));
};
