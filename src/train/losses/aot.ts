import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D } from '@tensorflow/tfjs-core';
import { sort } from '../../tensor/ops/sort/op.ts';
import { delta, smoothedLogSigmoid, type PreferenceLoss } from './loss.ts';

/**
 * Distributional preference alignment by optimal transport, paired (AOT, Melnyk et al. 2024, arXiv 2406.05882): the
 * policy's margins as a distribution shall dominate the reference's, quantile by quantile. With x₍ₖ₎ the k-th smallest of
 * the batch,
 *
 *   −log σ(β·[(log π(chosen) − log π(rejected))₍ₖ₎ − (log ref(chosen) − log ref(rejected))₍ₖ₎]),  smoothed by ε
 *
 * Value k belongs to a quantile, not to a pair: the loss needs the whole batch.
 */
export const aotLoss: PreferenceLoss = (terms, { beta, labelSmoothing }) => {
  const reference = tf.sub<Tensor1D>(terms.referenceChosen, terms.referenceRejected);
  const policy = tf.add<Tensor1D>(delta(terms), reference);
  return smoothedLogSigmoid(tf.mul(tf.sub(sort(policy), sort(reference)), beta), labelSmoothing);
};
