import * as tf from '@tensorflow/tfjs-core';
import { delta, negativeLogSigmoid, type PreferenceLoss } from './loss.ts';

/**
 * DPO (Rafailov et al. 2023, arXiv 2305.18290, eq. 7):
 *
 *   −log σ(β·Δ),  Δ = [log π(chosen) − log ref(chosen)] − [log π(rejected) − log ref(rejected)]
 */
export const sigmoidLoss: PreferenceLoss = (terms, { beta }) =>
  negativeLogSigmoid(tf.mul(delta(terms), beta));
