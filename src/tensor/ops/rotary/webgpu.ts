import type { TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { dispatchFlat } from '../../webgpu/program.ts';
import { registerRotaryGradient, type RotaryAttributes } from './gradient.ts';

/**
 * Elements j and j + d/2 of a head turn together. One thread turns four pairs where d/2 divides by four, else one. Heads that stay
 * turn by nothing: a branch would cost SwiftShader both sides.
 */
const turns = (four: boolean) => `
  let pairs = uniforms.half;
  let row = index / (uniforms.heads * pairs);
  let rest = index % (uniforms.heads * pairs);
  let j = rest % pairs;
  let first = row * uniforms.heads * pairs * 2 + (rest / pairs) * pairs * 2 + j;
  let at = (positions[row] * pairs + j) * 2;
  let turning = rest / pairs < uniforms.turning;
  ${
    four
      ? `
  let even = table[at];
  let odd = table[at + 1];
  let cosine = select(vec4<f32>(1.0), vec4<f32>(even.xz, odd.xz), turning);
  let sine = select(vec4<f32>(), uniforms.sign * vec4<f32>(even.yw, odd.yw), turning);`
      : `
  let cosine = select(1.0, table[at], turning);
  let sine = select(0.0, uniforms.sign * table[at + 1], turning);`
  }
  let a = x[first];
  let b = x[first + pairs];
  result[first] = a * cosine - b * sine;
  result[first + pairs] = b * cosine + a * sine;`;

export function registerRotaryWebgpu(): void {
  registerFused<RotaryAttributes>('Rotary', 'webgpu', ({ inputs, attributes: { sign, heads } }) => {
    const { x, positions, table } = inputs as Record<'x' | 'positions' | 'table', TensorInfo>;
    const [rows, width] = x.shape as [number, number];
    const [, size] = table.shape as [number, number];
    const four = size % 8 === 0;
    const half = size / 2 / (four ? 4 : 1);
    return dispatchFlat({
      name: `Rotary ${four ? 4 : 1}`,
      inputs: { x, positions, table },
      threads: rows * (width / size) * half,
      uniforms: { heads: width / size, turning: heads, half },
      floats: { sign },
      vectors: four ? ['x', 'table', 'result'] : [],
      body: turns(four),
      output: [rows, width],
    });
  });
  registerRotaryGradient();
}
