import type { Tensor2D } from '@tensorflow/tfjs-core';
import { registerFusedGradient, runKernel } from '../../kernel.ts';
import type { Activation } from './op.ts';

export interface GluAttributes {
  activation: Activation;
}

export function registerGluGradient(): void {
  registerFusedGradient<GluAttributes>('Glu', { inputs: ['gate', 'up'] }, (dy, saved, attributes) => {
    const [gate, up] = saved as [Tensor2D, Tensor2D];
    return {
      gate: () => runKernel('GluGateGradient', { gate, up, dy }, attributes),
      up: () => runKernel('GluUpGradient', { gate, dy }, attributes),
    };
  });
}
