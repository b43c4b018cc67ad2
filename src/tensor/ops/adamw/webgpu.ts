import type { TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { dispatchElements } from '../../webgpu/elements.ts';
import { currentBackend, dispatchFlat, dispatchRows } from '../../webgpu/program.ts';
import { NORM_EPSILON, PARTIAL_SUMS } from './op.ts';
import type { AdamWStep } from './update.ts';

const nothing = () => currentBackend().makeTensorInfo([0], 'float32');

/** A norm is finite where its exponent bits are not all set: WGSL lets a compiler assume that there is no NaN. */
const UPDATE = `
  if ((bitcast<u32>(norm[0]) & 0x7f800000u) == 0x7f800000u) { return; }
  let g = gradient[index] * min(1.0, uniforms.maxGradNorm / (norm[0] + ${NORM_EPSILON}));
  let mean = uniforms.beta1 * m[index] + uniforms.rest1 * g;
  let square = uniforms.beta2 * v[index] + uniforms.rest2 * g * g;
  m[index] = mean;
  v[index] = square;
  result[index] = result[index] * uniforms.keep
    - uniforms.rate * mean / (sqrt(square) * uniforms.correction + uniforms.epsilon);`;

export function registerAdamwWebgpu(): void {
  registerFused<{ offset: number }>('SumOfSquares', 'webgpu', ({ inputs, attributes: { offset } }) => {
    const { gradient, partial } = inputs as { gradient: TensorInfo; partial: TensorInfo };
    dispatchFlat({
      name: 'SumOfSquares',
      inputs: { gradient },
      threads: PARTIAL_SUMS,
      uniforms: { size: gradient.shape.reduce((product, size) => product * size, 1), offset },
      body: `
        var sum = 0.0;
        for (var i = index; i < uniforms.size; i += ${PARTIAL_SUMS}) { sum += gradient[i] * gradient[i]; }
        result[uniforms.offset + index] = sum;`,
      output: partial,
    });
    return nothing();
  });

  registerFused('Norm', 'webgpu', ({ inputs }) => {
    const { partial } = inputs as { partial: TensorInfo };
    return dispatchRows({
      name: 'Norm',
      inputs: { partial },
      rows: 1,
      uniforms: { size: partial.shape[0] as number },
      body: `
        var sum = 0.0;
        for (var i = lane; i < uniforms.size; i += LANES) { sum += partial[i]; }
        sum = rowSum(sum, lane);
        if (lane == 0) { result[0] = sqrt(sum); }`,
      output: [1],
    });
  });

  registerFused<AdamWStep & { weightDecay: number }>('AdamW', 'webgpu', ({ inputs, attributes }) => {
    const { weight, gradient, m, v, norm } = inputs as Record<
      'weight' | 'gradient' | 'm' | 'v' | 'norm',
      TensorInfo
    >;
    const { learningRate, beta1, beta2, epsilon, maxGradNorm, step, weightDecay } = attributes;
    dispatchElements({
      name: 'AdamW',
      inputs: { gradient },
      numbers: { norm },
      floats: {
        beta1,
        beta2,
        // 1 − β in float64: in float32 it would be off by 6e-5 of itself for β = 0.999.
        rest1: 1 - beta1,
        rest2: 1 - beta2,
        epsilon,
        maxGradNorm,
        rate: learningRate / (1 - beta1 ** step),
        correction: 1 / Math.sqrt(1 - beta2 ** step),
        keep: 1 - learningRate * weightDecay,
      },
      body: UPDATE,
      output: weight,
      writes: { m, v },
    });
    return nothing();
  });
}
