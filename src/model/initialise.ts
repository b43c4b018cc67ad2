import { weightShapes, type ModelConfig } from './config.ts';
import type { NamedArrays } from './formats/safetensors.ts';
import { philox } from './philox.ts';

const DEVIATION = 0.02;

/**
 * Weights of an untrained model: normal with deviation 0.02, norms 1, biases 0, and the two projections that write into the
 * residual stream scaled down by √(2·layers), so that its variance does not grow with depth (GPT-2, Radford et al. 2019).
 */
export function initialWeights(config: ModelConfig, seed: number): NamedArrays {
  const residual = DEVIATION / Math.sqrt(2 * config.layers);
  const arrays: NamedArrays = new Map();
  [...weightShapes(config)].forEach(([name, shape], index) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const deviation = /(o_proj|down_proj)/.test(name) ? residual : DEVIATION;
    const one = name.endsWith('norm.weight') && !config.normsAddOne ? 1 : 0;
    const data =
      shape.length === 1 ? new Float32Array(size).fill(one) : normals(size, deviation, seed, index);
    arrays.set(name, { shape, data });
  });
  return arrays;
}

/** Box–Muller on counter-based bits: element i of weight `stream` is the same whatever is drawn around it. */
function normals(count: number, deviation: number, seed: number, stream: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => {
    const [a, b] = philox([i, stream, 0, 0x1417], [seed >>> 0, 0]);
    const radius = Math.sqrt(-2 * Math.log((a + 1) / 2 ** 32));
    return deviation * radius * Math.cos((2 * Math.PI * b) / 2 ** 32);
  });
}
