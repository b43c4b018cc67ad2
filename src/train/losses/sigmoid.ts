import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D } from '@tensorflow/tfjs-core';

/**
 * The DPO loss (Rafailov et al. 2023), one value per pair:
 *
 *   −log σ(β·Δ),  Δ = [log π(chosen) − log ref(chosen)] − [log π(rejected) − log ref(rejected)]
 *
 * as softplus(−βΔ): tf.logSigmoid's gradient crashes on an unsaved intermediate (4.22.0).
 * @param chosen, rejected summed log-probabilities of the completions under the policy, [pairs]
 * @param reference the same under the reference policy
 */
export function sigmoidLoss(
  chosen: Tensor1D,
  rejected: Tensor1D,
  reference: { chosen: Tensor1D; rejected: Tensor1D },
  beta: number,
): Tensor1D {
  const delta = tf.sub(tf.sub(chosen, reference.chosen), tf.sub(rejected, reference.rejected));
  return tf.softplus(tf.mul(delta, -beta));
}
