import type { TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { dispatchElements } from '../../webgpu/elements.ts';
import { registerGluGradient, type GluAttributes } from './gradient.ts';

type Inputs = Record<'gate' | 'up' | 'dy', TensorInfo>;

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

export function registerGluWebgpu(): void {
  registerFused<GluAttributes>('Glu', 'webgpu', ({ inputs, attributes: { activation } }) => {
    const { gate, up } = inputs as Inputs;
    return dispatchElements({
      name: `Glu ${activation}`,
      inputs: { gate, up },
      body: `let g = gate[index]; ${ACTIVATIONS[activation]} ${OPENING} result[index] = g * s * up[index];`,
    });
  });

  // d activation / dg = σ + g · σ · (1 − σ) · du/dg
  registerFused<GluAttributes>('GluGateGradient', 'webgpu', ({ inputs, attributes: { activation } }) => {
    const { gate, up, dy } = inputs as Inputs;
    return dispatchElements({
      name: `GluGateGradient ${activation}`,
      inputs: { gate, up, dy },
      body: `let g = gate[index]; ${ACTIVATIONS[activation]} ${OPENING}
        result[index] = dy[index] * up[index] * s * (1.0 + g * (1.0 - s) * du);`,
    });
  });

  registerFused<GluAttributes>('GluUpGradient', 'webgpu', ({ inputs, attributes: { activation } }) => {
    const { gate, dy } = inputs as Inputs;
    return dispatchElements({
      name: `GluUpGradient ${activation}`,
      inputs: { gate, dy },
      body: `let g = gate[index]; ${ACTIVATIONS[activation]} ${OPENING} result[index] = dy[index] * g * s;`,
    });
  });

  registerGluGradient();
}
