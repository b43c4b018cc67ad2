import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { registerFusedGradient, runKernel } from '../../kernel.ts';
import type { WeightAttributes } from '../../weight.ts';

/**
 * d log p(target) / d logits = onehot(target) − softmax. The logits are computed again, chunk by chunk, from the saved
 * log Σ exp; a frozen head gets no gradient, since nothing asks for it.
 */
export function registerTokenLogprobGradient(): void {
  registerFusedGradient<WeightAttributes>(
    'TokenLogprob',
    { inputs: ['hidden', 'head', 'targets'], outputs: [false, true, false] },
    (dy, saved, attributes) => {
      const [hidden, head, targets, lse] = saved as [Tensor2D, Tensor2D, Tensor1D, Tensor1D];
      const inputs = { hidden, head, targets, lse, dy };
      return {
        hidden: (): Tensor => runKernel('TokenLogprobInputGradient', inputs, attributes),
        head: (): Tensor => runKernel('TokenLogprobWeightGradient', inputs, attributes),
        targets: () => {
          throw new Error('Targets have no gradient.');
        },
      };
    },
  );
}
