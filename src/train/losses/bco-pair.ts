import * as tf from '@tensorflow/tfjs-core';
import { negativeLogSigmoid, type PreferenceLoss } from './loss.ts';

/**
 * Binary classifier optimisation (BCO, Jung et al. 2024, arXiv 2404.04656): the reward classifies each completion alone,
 *
 *   −log σ(βA) − log σ(−βB)
 *
 * without the running mean of rewards that the paper and TRL before 2026 subtract: TRL dropped it.
 */
export const bcoPairLoss: PreferenceLoss = ({ a, b }, { beta }) => {
  return tf.add(negativeLogSigmoid(tf.mul(a, beta)), negativeLogSigmoid(tf.mul(b, -beta)));
};
