import type { Tensor2D } from '@tensorflow/tfjs-core';
import { hasFused, runKernel } from '../../kernel.ts';
import { composedGlu } from './composed.ts';
import type { Activation } from './activation.ts';

/**
 * Gated linear unit (Shazeer 2020: SwiGLU, GEGLU): activation(gate) ∘ up.
 * @param x [n, 2 · width]: gate and up beside each other
 * @returns [n, width]
 */
export function glu(x: Tensor2D, activation: Activation): Tensor2D {
  return hasFused('Glu') ? (runKernel('Glu', { x }, { activation }) as Tensor2D) : composedGlu(x, activation);
}
