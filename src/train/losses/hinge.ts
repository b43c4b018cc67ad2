import * as tf from '@tensorflow/tfjs-core';
import { delta, type PreferenceLoss } from './loss.ts';

/**
 * The hinge loss on the DPO margin (SLiC, Zhao et al. 2023, arXiv 2305.10425; against a reference in Liu et al. 2023,
 * arXiv 2309.06657):
 *
 *   max(0, 1 − β·Δ)
 */
export const hingeLoss: PreferenceLoss = (terms, { beta }) => tf.relu(tf.sub(1, tf.mul(delta(terms), beta)));
