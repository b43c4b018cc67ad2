import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { hasFused, runKernel } from '../../kernel.ts';
import { composedRmsNorm } from './composed.ts';

/**
 * RMSNorm (Zhang & Sennrich 2019): y = x / √(mean(x²) + ε) ∘ w, row by row.
 * @param x [n, width]
 * @param w [width]
 */
export function rmsNorm(x: Tensor2D, w: Tensor1D, epsilon: number): Tensor2D {
  return hasFused('RmsNorm')
    ? (runKernel('RmsNorm', { x, w }, { epsilon }) as Tensor2D)
    : composedRmsNorm(x, w, epsilon);
}
