import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { registerFusedGradient, runKernel } from '../../kernel.ts';
import type { WeightAttributes } from '../../weight.ts';

/** dx = dy · W and dW = dyᵀ · x, by the backend's kernels. */
export function registerLinearGradient(): void {
  registerFusedGradient<WeightAttributes>('Linear', { inputs: ['x', 'w'] }, (dy, saved, attributes) => {
    const [x, w] = saved as [Tensor2D, Tensor2D];
    return {
      x: (): Tensor => runKernel('LinearInputGradient', { dy, w }, attributes),
      w: (): Tensor => runKernel('LinearWeightGradient', { dy, x }),
    };
  });
}
