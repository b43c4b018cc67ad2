import type { Tensor } from '@tensorflow/tfjs-core';
import { registerFusedGradient, runKernel } from '../../kernel.ts';

export interface Cut {
  offset: number;
  width: number;
}

export function registerJoinColumnsGradient(): void {
  registerFusedGradient('JoinColumns', { inputs: ['a', 'b', 'c'] }, (dy, saved) => {
    const [a, b, c] = saved.map(({ shape }) => shape[1] as number) as [number, number, number];
    const cut = (offset: number, width: number) => (): Tensor =>
      runKernel('CutColumns', { x: dy }, { offset, width });
    return { a: cut(0, a), b: cut(a, b), c: cut(a + b, c) };
  });
}
