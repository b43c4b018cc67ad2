import * as tf from '@tensorflow/tfjs-core';
import { sort } from '../../tensor/ops/sort/op.ts';
import { smoothedLogSigmoid, type PreferenceLoss } from './loss.ts';

/**
 * Alignment by optimal transport, unpaired (AOT, Melnyk et al. 2024, arXiv 2406.05882): rewards of chosen completions
 * shall dominate those of rejected ones as distributions, whichever prompt they belong to. With x₍ₖ₎ the k-th smallest of
 * the batch,
 *
 *   −log σ(β·[A₍ₖ₎ − B₍ₖ₎]),  smoothed by ε
 *
 * Value k belongs to a quantile, not to a pair: the loss needs the whole batch.
 */
export const aotUnpairedLoss: PreferenceLoss = ({ a, b }, { beta, labelSmoothing }) => {
  return smoothedLogSigmoid(tf.mul(tf.sub(sort(a), sort(b)), beta), labelSmoothing);
};
