import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { hasFused, runKernel } from '../../kernel.ts';
import { composedRmsNorm } from './composed.ts';
import type { Heads } from './heads.ts';

const WHOLE_ROW: Heads = { begin: 0, end: 1 };

/**
 * RMSNorm (Zhang & Sennrich 2019): y = x / √(mean(x²) + ε) ∘ w, for each row, or for some of the heads that a row is made of.
 * @param x [n, width], or [n, all heads · width]
 * @param w [width]
 * @param heads which of a row's heads; the others stay as they are
 */
export function rmsNorm(x: Tensor2D, w: Tensor1D, epsilon: number, heads: Heads = WHOLE_ROW): Tensor2D {
  return hasFused('RmsNorm')
    ? (runKernel('RmsNorm', { x, w }, { epsilon, ...heads, width: w.shape[0] }) as Tensor2D)
    : composedRmsNorm(x, w, epsilon, heads);
}
