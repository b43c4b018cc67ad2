import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { registerFusedGradient, runKernel } from '../../kernel.ts';
import { kernelName, MOST_WEIGHTS, partsOf, weightNames, type LinearAttributes } from './attributes.ts';

/** dx = scale · Σ over the weights of their columns of dy · W, and dW = scale · (its columns of dy)ᵀ · (its columns of x). */
export function registerLinearGradient(): void {
  for (let count = 1; count <= MOST_WEIGHTS; count++) {
    const names = weightNames(count);
    const inputs = ['x', ...names];
    registerFusedGradient<LinearAttributes>(kernelName(count), { inputs }, (dy, saved, attributes) => {
      const [x, ...weights] = saved as [Tensor, ...Tensor[]];
      const matrices = Object.fromEntries(weights.map((w, i) => [names[i] as string, w]));
      const ofWeights = partsOf(attributes).map((part): [string, () => Tensor] => [
        part.name,
        () => runKernel('LinearWeightGradient', { dy, x }, { ...part, scale: attributes.scale }),
      ]);
      return {
        x: () => runKernel('LinearInputGradient', { dy, ...matrices }, attributes),
        addend: () => tf.clone(dy),
        ...Object.fromEntries(ofWeights),
      };
    });
  }
}
