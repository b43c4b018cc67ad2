import * as tf from '@tensorflow/tfjs-core';
import { deltaPerToken, negativeLogSigmoid, type PreferenceLoss } from './loss.ts';

/**
 * DPO with log-ratios per token: the length normalisation of SimPO (Meng et al. 2024, arXiv 2405.14734), with a reference
 * as Tülu 3 trains (Lambert et al. 2024, arXiv 2411.15124); TRL's "sigmoid_norm":
 *
 *   −log σ(β·(A/Lc − B/Lr))
 */
export const sigmoidNormLoss: PreferenceLoss = (terms, { beta }) =>
  negativeLogSigmoid(tf.mul(deltaPerToken(terms), beta));
