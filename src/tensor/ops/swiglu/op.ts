import type { Tensor2D } from '@tensorflow/tfjs-core';
import { hasFused, runKernel } from '../../kernel.ts';
import { composedSwiglu } from './composed.ts';

/** SwiGLU (Shazeer 2020): silu(gate) ∘ up, silu(g) = g · σ(g). Shapes [n, width]. */
export function swiglu(gate: Tensor2D, up: Tensor2D): Tensor2D {
  return hasFused('Swiglu') ? (runKernel('Swiglu', { gate, up }) as Tensor2D) : composedSwiglu(gate, up);
}
