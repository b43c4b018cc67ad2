import type { TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { dispatchFlat } from '../../webgpu/program.ts';
import { registerGluGradient, type GluAttributes } from './gradient.ts';

/**
 * activation(g) = g · σ(u) with u = g (silu), or u = 2√(2/π) · (g + 0.044715 g³) (gelu, see op.ts), and du/dg. The exponent
 * is held below e⁸⁰: WGSL leaves open what becomes of infinities.
 */
const ACTIVATIONS = {
  silu: 'let u = g; let du = T(1.0);',
  gelu: `
    let u = 1.5957691216057308 * g * (1.0 + 0.044715 * g * g);
    let du = 1.5957691216057308 * (1.0 + 0.134145 * g * g);`,
};

const OPENING = 'let s = 1.0 / (1.0 + exp(-clamp(u, T(-80.0), T(80.0))));';

/** One thread per element, or four: its place in a row of gates and ups. */
const PLACE = `
  let gate = index / uniforms.width * 2 * uniforms.width + index % uniforms.width;
  let g = x[gate];
  let up = x[gate + uniforms.width];`;

export function registerGluWebgpu(): void {
  registerFused<GluAttributes>('Glu', 'webgpu', ({ inputs, attributes: { activation } }) => {
    const { x } = inputs as { x: TensorInfo };
    const [rows, both] = x.shape as [number, number];
    return dispatchFlat({
      ...commonOf(x),
      name: `Glu ${activation} ${unitOf(x)}`,
      inputs: { x },
      body: `${PLACE} ${ACTIVATIONS[activation]} ${OPENING} result[index] = g * s * up;`,
      output: [rows, both / 2],
    });
  });

  // d activation / dg = σ + g · σ · (1 − σ) · du/dg
  registerFused<GluAttributes>('GluGradient', 'webgpu', ({ inputs, attributes: { activation } }) => {
    const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
    return dispatchFlat({
      ...commonOf(x),
      name: `GluGradient ${activation} ${unitOf(x)}`,
      inputs: { x, dy },
      body: `${PLACE} ${ACTIVATIONS[activation]} ${OPENING}
        result[gate] = dy[index] * up * s * (1.0 + g * (1.0 - s) * du);
        result[gate + uniforms.width] = dy[index] * g * s;`,
      output: x.shape,
    });
  });

  registerGluGradient();
}

const unitOf = (x: TensorInfo) => ((x.shape[1] as number) % 8 === 0 ? 4 : 1);

function commonOf(x: TensorInfo) {
  const [rows, both] = x.shape as [number, number];
  const unit = unitOf(x);
  return {
    threads: (rows * both) / 2 / unit,
    uniforms: { width: both / 2 / unit },
    vectors: unit === 4 ? ['x', 'dy', 'result'] : [],
    functions: `alias T = ${unit === 4 ? 'vec4<f32>' : 'f32'};`,
  };
}
