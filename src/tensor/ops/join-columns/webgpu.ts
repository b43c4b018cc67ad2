import type { TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { currentBackend, dispatchFlat } from '../../webgpu/program.ts';
import { registerJoinColumnsGradient, type Cut } from './gradient.ts';

/** Numbers that one thread copies: four where all widths allow. */
const unitOf = (...sizes: number[]) => (sizes.every((size) => size % 4 === 0) ? 4 : 1);
const widthOf = (x: TensorInfo) => x.shape[1] as number;

export function registerJoinColumnsWebgpu(): void {
  registerFused('JoinColumns', 'webgpu', ({ inputs }) => {
    const parts = inputs as Record<'a' | 'b' | 'c', TensorInfo>;
    const rows = parts.a.shape[0] as number;
    const widths = Object.values(parts).map(widthOf);
    const whole = widths.reduce((sum, width) => sum + width, 0);
    const unit = unitOf(...widths);
    let offset = 0;
    let result = currentBackend().makeTensorInfo([rows, whole], 'float32');
    // One part after the other: a choice between three sources in one program would read all of them on SwiftShader.
    for (const x of Object.values(parts)) {
      const width = widthOf(x) / unit;
      result = dispatchFlat({
        name: `JoinColumns ${unit}`,
        inputs: { x },
        threads: rows * width,
        uniforms: { width, whole: whole / unit, offset },
        vectors: unit === 4 ? ['x', 'result'] : [],
        body: 'result[(index / uniforms.width) * uniforms.whole + uniforms.offset + index % uniforms.width] = x[index];',
        output: result,
      });
      offset += width;
    }
    return result;
  });

  registerFused<Cut>('CutColumns', 'webgpu', ({ inputs, attributes: { offset, width } }) => {
    const { x } = inputs as { x: TensorInfo };
    const [rows, whole] = x.shape as [number, number];
    const unit = unitOf(offset, width, whole);
    return dispatchFlat({
      name: `CutColumns ${unit}`,
      inputs: { x },
      threads: (rows * width) / unit,
      uniforms: { width: width / unit, whole: whole / unit, offset: offset / unit },
      vectors: unit === 4 ? ['x', 'result'] : [],
      body: 'result[index] = x[(index / uniforms.width) * uniforms.whole + uniforms.offset + index % uniforms.width];',
      output: [rows, width],
    });
  });

  registerJoinColumnsGradient();
}
