import * as tf from '@tensorflow/tfjs-core';
import type { PreferenceLoss } from './loss.ts';

/**
 * The supervised term on the chosen completion (as in IRPO, Pang et al. 2024, arXiv 2404.19733): the mean of
 * −log π(token) over all chosen tokens of the batch. As one value per pair whose mean is that,
 *
 *   −log π(chosen) / L̄c,  L̄c = mean length of the batch's chosen completions
 */
export const sftLoss: PreferenceLoss = ({ a, referenceChosen }, { meanChosenTokens }) =>
  tf.div(tf.neg(tf.add(a, referenceChosen)), meanChosenTokens);
