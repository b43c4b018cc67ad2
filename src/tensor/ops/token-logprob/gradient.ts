import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import { registerFusedGradient, runKernel } from '../../kernel.ts';
import type { WeightAttributes } from '../../weight.ts';

export interface LogprobAttributes extends WeightAttributes {
  /** Whether the forward pass gathers d log p / d hidden, [n, width], as its fourth output. */
  derivative: boolean;
}

/**
 * d log p(target) / d logits = onehot(target) − softmax, so d log p / d hidden = W[target] − Σ softmax·W. On WASM the forward
 * pass gathers that while it has the logits (as Liger's fused linear cross-entropy does, Hsu et al. 2024): two products over
 * the vocabulary instead of three. Elsewhere, and for the head's own gradient, the logits are computed again, chunk by chunk,
 * from the saved log Σ exp; a frozen head gets no gradient, since nothing asks for it.
 */
export function registerTokenLogprobGradient(): void {
  registerFusedGradient<LogprobAttributes>(
    'TokenLogprob',
    { inputs: ['hidden', 'head', 'targets'], outputs: [false, true, false, true] },
    (dy, saved, attributes) => {
      const [hidden, head, targets, lse, derivative] = saved as [Tensor, Tensor, Tensor, Tensor, Tensor?];
      const inputs = { hidden, head, targets, lse, dy };
      return {
        hidden: (): Tensor =>
          derivative
            ? tf.mul(derivative, tf.expandDims(dy as Tensor1D, 1))
            : runKernel('TokenLogprobInputGradient', inputs, attributes),
        head: (): Tensor => runKernel('TokenLogprobWeightGradient', inputs, attributes),
        targets: () => {
          throw new Error('Targets have no gradient.');
        },
      };
    },
  );
}
