import type { Tensor2D } from '@tensorflow/tfjs-core';
import { hasFused, runKernel } from '../../kernel.ts';
import { composedLinear } from './composed.ts';

/**
 * y = x · Wᵀ.
 * @param x [n, in]
 * @param w [out, in], the layout of torch.nn.Linear and of Hugging Face checkpoints
 * @returns [n, out]
 */
export function linear(x: Tensor2D, w: Tensor2D): Tensor2D {
  return hasFused('Linear') ? (runKernel('Linear', { x, w }) as Tensor2D) : composedLinear(x, w);
}
