import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D } from '@tensorflow/tfjs-core';
import { negativeLogSigmoid, type PreferenceLoss } from './loss.ts';

/**
 * Noise contrastive alignment, pairwise (NCA, Chen et al. 2024, arXiv 2402.05369): looks at the rewards themselves, so
 * that the chosen completion's probability does not fall along with the rejected one's:
 *
 *   −log σ(βA) − ½ log σ(−βA) − ½ log σ(−βB)
 */
export const ncaPairLoss: PreferenceLoss = ({ a, b }, { beta }) => {
  const better = negativeLogSigmoid(tf.mul(a, beta));
  const noise = tf.add<Tensor1D>(negativeLogSigmoid(tf.mul(a, -beta)), negativeLogSigmoid(tf.mul(b, -beta)));
  return tf.add(better, tf.mul(noise, 0.5));
};
