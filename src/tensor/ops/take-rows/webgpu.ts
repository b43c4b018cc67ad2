import type { TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { weightReaders } from '../../quantised.ts';
import { currentBackend, dispatchFlat } from '../../webgpu/program.ts';
import { planeUniforms, type WeightAttributes } from '../../weight.ts';
import { registerTakeRowsGradient, type TakeRowsAttributes } from './gradient.ts';

const unitOf = (width: number) => (width % 4 === 0 ? 4 : 1);

/**
 * For place i of `rows`: the next place that takes the same row, or −1; −2 in all but the first place of a row, whose chain of
 * places is added up by one thread: in order, so that the last bits do not change from run to run as with atomics.
 */
const CHAIN = `
  let wanted = rows[index];
  var next = -1;
  for (var j = uniforms.count - 1; j > index; j--) { next = select(next, j, rows[j] == wanted); }
  var first = 1;
  for (var j = 0; j < index; j++) { first = select(first, 0, rows[j] == wanted); }
  result[index * 2] = next;
  result[index * 2 + 1] = first;`;

const ADD = `
  let column = index % uniforms.width;
  var place = index / uniforms.width;
  if (chain[place * 2 + 1] == 0) { place = -1; }
  let at = rows[index / uniforms.width] * uniforms.width + column;
  var sum = T();
  let mine = place >= 0;
  while (place >= 0) {
    sum += dy[place * uniforms.width + column];
    place = chain[place * 2];
  }
  if (mine) { result[at] = sum; }`;

export function registerTakeRowsWebgpu(): void {
  registerFused<TakeRowsAttributes>('TakeRows', 'webgpu', ({ inputs }) => {
    const { table, rows } = inputs as { table: TensorInfo; rows: TensorInfo };
    const [count] = rows.shape as [number];
    const [, width] = table.shape as [number, number];
    const unit = unitOf(width);
    return dispatchFlat({
      name: `TakeRows ${unit}`,
      inputs: { table, rows },
      threads: (count * width) / unit,
      uniforms: { width: width / unit },
      vectors: unit === 4 ? ['table', 'result'] : [],
      body: 'result[index] = table[rows[index / uniforms.width] * uniforms.width + index % uniforms.width];',
      output: [count, width],
    });
  });

  registerFused<TakeRowsAttributes>('AddRows', 'webgpu', ({ inputs, attributes: { height } }) => {
    const { dy, rows } = inputs as { dy: TensorInfo; rows: TensorInfo };
    const [count, width] = dy.shape as [number, number];
    const unit = unitOf(width);
    const chain = dispatchFlat({
      name: 'AddRows chain',
      inputs: { rows },
      threads: count,
      uniforms: { count },
      body: CHAIN,
      output: currentBackend().makeTensorInfo([count, 2], 'int32'),
    });
    const table = dispatchFlat({
      name: `AddRows zeros ${unit}`,
      inputs: {},
      threads: (height * width) / unit,
      uniforms: {},
      vectors: unit === 4 ? ['result'] : [],
      body: 'result[index] = T();',
      functions: elementType(unit),
      output: [height, width],
    });
    dispatchFlat({
      name: `AddRows ${unit}`,
      inputs: { dy, rows, chain },
      threads: (count * width) / unit,
      uniforms: { width: width / unit },
      vectors: unit === 4 ? ['dy', 'result'] : [],
      functions: elementType(unit),
      body: ADD,
      output: table,
    });
    currentBackend().disposeData(chain.dataId);
    return table;
  });

  registerTakeRowsGradient();
  registerTakePackedRows();
}

const elementType = (unit: number) => `alias T = ${unit === 4 ? 'vec4<f32>' : 'f32'};`;

/** Rows of a packed table, unfolded: one thread writes four numbers. */
function registerTakePackedRows(): void {
  registerFused<WeightAttributes>('TakePackedRows', 'webgpu', ({ inputs, attributes }) => {
    const { w, rows } = inputs as { w: TensorInfo; rows: TensorInfo };
    const [count] = rows.shape as [number];
    const { format, shape } = attributes;
    const [, width] = shape;
    return dispatchFlat({
      name: `TakePackedRows_${format}`,
      inputs: { w, rows },
      threads: (count * width) / 4,
      uniforms: { width, ...planeUniforms('w', attributes) },
      vectors: ['result'],
      functions: weightReaders({ w: format }),
      body: `
        let element = index * 4;
        result[index] = read_w(rows[element / uniforms.width] * uniforms.width + element % uniforms.width);`,
      output: [count, width],
    });
  });
}
