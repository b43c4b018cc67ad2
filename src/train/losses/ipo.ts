import * as tf from '@tensorflow/tfjs-core';
import { deltaPerToken, type PreferenceLoss } from './loss.ts';

/**
 * Identity preference optimisation (Azar et al. 2023, arXiv 2310.12036, eq. 17, whose τ is our β):
 *
 *   (A/Lc − B/Lr − 1/(2β))²
 *
 * per token, as TRL has it: the paper does not say so, its authors confirmed it.
 */
export const ipoLoss: PreferenceLoss = (terms, { beta }) =>
  tf.square(tf.sub(deltaPerToken(terms), 1 / (2 * beta)));
