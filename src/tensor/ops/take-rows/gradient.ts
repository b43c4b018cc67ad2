import type { Tensor1D } from '@tensorflow/tfjs-core';
import { registerFusedGradient, runKernel } from '../../kernel.ts';

export interface TakeRowsAttributes {
  height: number;
}

/** The rows of dy are added up where they were taken from. */
export function registerTakeRowsGradient(): void {
  registerFusedGradient<TakeRowsAttributes>('TakeRows', { inputs: ['rows'] }, (dy, saved, attributes) => ({
    table: () => runKernel('AddRows', { dy, rows: saved[0] as Tensor1D }, attributes),
    rows: () => {
      throw new Error('Row numbers have no gradient.');
    },
  }));
}
