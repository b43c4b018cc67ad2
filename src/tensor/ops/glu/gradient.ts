import type { Tensor } from '@tensorflow/tfjs-core';
import { registerFusedGradient, runKernel } from '../../kernel.ts';
import type { Activation } from './activation.ts';

export interface GluAttributes {
  activation: Activation;
}

export function registerGluGradient(): void {
  registerFusedGradient<GluAttributes>('Glu', { inputs: ['x'] }, (dy, saved, attributes) => {
    const [x] = saved as [Tensor];
    return { x: () => runKernel('GluGradient', { x, dy }, attributes) };
  });
}
