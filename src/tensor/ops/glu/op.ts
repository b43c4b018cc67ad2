import type { Tensor2D } from '@tensorflow/tfjs-core';
import { hasFused, runKernel } from '../../kernel.ts';
import { composedGlu } from './composed.ts';

/**
 * silu(g) = g · σ(g); gelu in its tanh approximation (Hendrycks & Gimpel 2016), written with a sigmoid:
 * g/2 · (1 + tanh u) = g · σ(2u), u = √(2/π) · (g + 0.044715 g³).
 */
export type Activation = 'silu' | 'gelu';

/**
 * Gated linear unit (Shazeer 2020: SwiGLU, GEGLU): activation(gate) ∘ up.
 * @param x [n, 2 · width]: gate and up beside each other
 * @returns [n, width]
 */
export function glu(x: Tensor2D, activation: Activation): Tensor2D {
  return hasFused('Glu') ? (runKernel('Glu', { x }, { activation }) as Tensor2D) : composedGlu(x, activation);
}
