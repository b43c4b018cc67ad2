import type { Tensor } from '@tensorflow/tfjs-core';
import { registerFusedGradient, runKernel } from '../../kernel.ts';

export interface RotaryAttributes {
  /** −1 turns back: the gradient of a rotation is the inverse rotation. */
  sign: 1 | -1;
  /** Heads of a row that turn; the others stay. */
  heads: number;
}

export function registerRotaryGradient(): void {
  const inputs = ['positions', 'table'];
  registerFusedGradient<RotaryAttributes>('Rotary', { inputs }, (dy, saved, { sign, heads }) => {
    const [positions, table] = saved as [Tensor, Tensor];
    const fixed = () => {
      throw new Error('Positions and the rotary table have no gradient.');
    };
    return {
      x: () => runKernel('Rotary', { x: dy, positions, table }, { sign: -sign, heads }),
      positions: fixed,
      table: fixed,
    };
  });
}
