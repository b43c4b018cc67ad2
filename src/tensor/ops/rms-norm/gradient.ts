import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { registerFusedGradient, runKernel } from '../../kernel.ts';
import type { Heads } from './heads.ts';

export interface RmsNormAttributes extends Heads {
  epsilon: number;
  /** Elements that are normalised together. */
  width: number;
}

/** The mean of squares is computed again from x rather than kept. */
export function registerRmsNormGradient(): void {
  registerFusedGradient<RmsNormAttributes>('RmsNorm', { inputs: ['x', 'w'] }, (dy, saved, attributes) => {
    const [x, w] = saved as [Tensor2D, Tensor1D];
    return {
      x: () => runKernel('RmsNormInputGradient', { x, w, dy }, attributes),
      w: () => runKernel('RmsNormWeightGradient', { x, dy }, attributes),
    };
  });
}
