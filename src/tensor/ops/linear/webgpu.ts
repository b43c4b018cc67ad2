import type { TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { weightReader } from '../../quantised.ts';
import { planeUniforms, type WeightAttributes } from '../../weight.ts';
import { multiply } from '../../webgpu/product.ts';
import { registerLinearGradient } from './gradient.ts';

/** W is [width, depth]; `weights4` reads four neighbours of it, whatever its format. */
const FORWARD = `
  fn a4(row : i32, k : i32) -> vec4<f32> { return x[(row * uniforms.k_ + k) / 4]; }
  fn b4(k : i32, n : i32) -> mat4x4<f32> {
    let at = n * uniforms.k_ + k;
    return transpose(mat4x4<f32>(
      weights4(at), weights4(at + uniforms.k_), weights4(at + 2 * uniforms.k_), weights4(at + 3 * uniforms.k_)));
  }`;

/** dx[row, depth] = Σ dy[row, width] · W[width, depth] */
const INPUT_GRADIENT = `
  fn a4(row : i32, k : i32) -> vec4<f32> { return dy[(row * uniforms.k_ + k) / 4]; }
  fn b4(k : i32, n : i32) -> mat4x4<f32> {
    let at = k * uniforms.n_ + n;
    return mat4x4<f32>(
      weights4(at), weights4(at + uniforms.n_), weights4(at + 2 * uniforms.n_), weights4(at + 3 * uniforms.n_));
  }`;

/** dW[width, depth] = Σ dy[row, width] · x[row, depth] */
const WEIGHT_GRADIENT = `
  fn a4(n : i32, row : i32) -> vec4<f32> {
    return vec4<f32>(dyAt(row, n), dyAt(row + 1, n), dyAt(row + 2, n), dyAt(row + 3, n));
  }
  fn dyAt(row : i32, n : i32) -> f32 {
    if (row >= uniforms.k_) { return 0.0; }
    return dy[row * uniforms.m_ + n];
  }
  fn b4(row : i32, depth : i32) -> mat4x4<f32> {
    let last = uniforms.k_ - 1;
    let at = vec4<i32>(row, min(row + 1, last), min(row + 2, last), min(row + 3, last)) * uniforms.n_ + depth;
    return mat4x4<f32>(x[at.x / 4], x[at.y / 4], x[at.z / 4], x[at.w / 4]);
  }`;

const vectorsOf = (format: WeightAttributes['format'], other: string) =>
  format === 'f32' ? [other, 'w'] : [other];

export function registerLinearWebgpu(): void {
  registerFused<WeightAttributes>('Linear', 'webgpu', ({ inputs, attributes }) => {
    const { x, w } = inputs as { x: TensorInfo; w: TensorInfo };
    const { format, shape } = attributes;
    return multiply({
      name: `Linear ${format}`,
      inputs: { x, w },
      vectors: vectorsOf(format, 'x'),
      m: x.shape[0] as number,
      n: shape[0],
      k: shape[1],
      uniforms: planeUniforms(attributes),
      functions: weightReader(format) + FORWARD,
    });
  });

  registerFused<WeightAttributes>('LinearInputGradient', 'webgpu', ({ inputs, attributes }) => {
    const { dy, w } = inputs as { dy: TensorInfo; w: TensorInfo };
    const { format, shape } = attributes;
    return multiply({
      name: `LinearInputGradient ${format}`,
      inputs: { dy, w },
      vectors: vectorsOf(format, 'dy'),
      m: dy.shape[0] as number,
      n: shape[1],
      k: shape[0],
      uniforms: planeUniforms(attributes),
      functions: weightReader(format) + INPUT_GRADIENT,
    });
  });

  registerFused('LinearWeightGradient', 'webgpu', ({ inputs }) => {
    const { dy, x } = inputs as { dy: TensorInfo; x: TensorInfo };
    return multiply({
      name: 'LinearWeightGradient',
      inputs: { dy, x },
      vectors: ['x'],
      m: dy.shape[1] as number,
      n: x.shape[1] as number,
      k: dy.shape[0] as number,
      uniforms: {},
      functions: WEIGHT_GRADIENT,
    });
  });

  registerLinearGradient();
}
