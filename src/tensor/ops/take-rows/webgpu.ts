import type { TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { weightReader } from '../../quantised.ts';
import { dispatchFlat } from '../../webgpu/program.ts';
import { planeUniforms, type WeightAttributes } from '../../weight.ts';

/** Rows of a packed table, unfolded: one thread writes four numbers. */
export function registerTakePackedRowsWebgpu(): void {
  registerFused<WeightAttributes>('TakePackedRows', 'webgpu', ({ inputs, attributes }) => {
    const { w, rows } = inputs as { w: TensorInfo; rows: TensorInfo };
    const [count] = rows.shape as [number];
    const { format, shape } = attributes;
    const [, width] = shape;
    return dispatchFlat({
      name: `TakePackedRows_${format}`,
      inputs: { w, rows },
      threads: (count * width) / 4,
      uniforms: { width, ...planeUniforms(attributes) },
      vectors: ['result'],
      functions: weightReader(format),
      body: `
        let element = index * 4;
        result[index] = weights4(rows[element / uniforms.width] * uniforms.width + element % uniforms.width);`,
      output: [count, width],
    });
  });
}
