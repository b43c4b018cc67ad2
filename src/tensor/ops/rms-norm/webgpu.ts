import type { TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { currentBackend, dispatchFlat, dispatchRows } from '../../webgpu/program.ts';
import { registerRmsNormGradient, type RmsNormAttributes } from './gradient.ts';

type Inputs = Record<'x' | 'w' | 'dy', TensorInfo>;

/** Rows are read four numbers at a time where their width allows. */
function unitOf(x: TensorInfo): { unit: 1 | 4; type: string; inner: string } {
  return (x.shape[1] as number) % 4 === 0
    ? {
        unit: 4,
        type: 'vec4<f32>',
        inner: 'fn inner(a : vec4<f32>, b : vec4<f32>) -> f32 { return dot(a, b); }',
      }
    : { unit: 1, type: 'f32', inner: 'fn inner(a : f32, b : f32) -> f32 { return a * b; }' };
}

/** r = 1 / √(mean(x²) + ε), by all threads of the row. */
const SCALE = `
  let start = row * uniforms.width;
  var squares = 0.0;
  for (var j = lane; j < uniforms.width; j += LANES) { squares += inner(x[start + j], x[start + j]); }
  let r = inverseSqrt(rowSum(squares, lane) / uniforms.elements + uniforms.epsilon);`;

export function registerRmsNormWebgpu(): void {
  registerFused<RmsNormAttributes>('RmsNorm', 'webgpu', ({ inputs, attributes: { epsilon } }) => {
    const { x, w } = inputs as Inputs;
    return dispatchRows({
      ...rowsOf(x, epsilon),
      name: `RmsNorm ${unitOf(x).unit}`,
      inputs: { x, w },
      vectors: unitOf(x).unit === 4 ? ['x', 'w', 'result'] : [],
      body: `${SCALE}
        for (var j = lane; j < uniforms.width; j += LANES) { result[start + j] = x[start + j] * r * w[j]; }`,
      output: x.shape,
    });
  });

  // dx = r · (w∘dy − x · r² · mean(x∘w∘dy))
  registerFused<RmsNormAttributes>(
    'RmsNormInputGradient',
    'webgpu',
    ({ inputs, attributes: { epsilon } }) => {
      const { x, w, dy } = inputs as Inputs;
      return dispatchRows({
        ...rowsOf(x, epsilon),
        name: `RmsNormInputGradient ${unitOf(x).unit}`,
        inputs: { x, w, dy },
        vectors: unitOf(x).unit === 4 ? ['x', 'w', 'dy', 'result'] : [],
        body: `${SCALE}
        var along = 0.0;
        for (var j = lane; j < uniforms.width; j += LANES) { along += inner(x[start + j] * w[j], dy[start + j]); }
        let shrink = rowSum(along, lane) / uniforms.elements * r * r;
        for (var j = lane; j < uniforms.width; j += LANES) {
          result[start + j] = r * (w[j] * dy[start + j] - x[start + j] * shrink);
        }`,
        output: x.shape,
      });
    },
  );

  // dw = Σ over rows of dy∘x · r
  registerFused<RmsNormAttributes>(
    'RmsNormWeightGradient',
    'webgpu',
    ({ inputs, attributes: { epsilon } }) => {
      const { x, dy } = inputs as Inputs;
      const [rows, width] = x.shape as [number, number];
      const { unit, type } = unitOf(x);
      const scales = dispatchRows({
        ...rowsOf(x, epsilon),
        name: `RmsNormScale ${unit}`,
        inputs: { x },
        vectors: unit === 4 ? ['x'] : [],
        body: `${SCALE}
        if (lane == 0) { result[row] = r; }`,
        output: [rows],
      });
      const dw = dispatchFlat({
        name: `RmsNormWeightGradient ${unit}`,
        inputs: { x, dy, scales },
        threads: width / unit,
        uniforms: { rows, width: width / unit },
        vectors: unit === 4 ? ['x', 'dy', 'result'] : [],
        body: `
        var sum = ${type}();
        for (var row = 0; row < uniforms.rows; row++) {
          let at = row * uniforms.width + index;
          sum += dy[at] * x[at] * scales[row];
        }
        result[index] = sum;`,
        output: [width],
      });
      currentBackend().disposeData(scales.dataId);
      return dw;
    },
  );

  registerRmsNormGradient();
}

function rowsOf(x: TensorInfo, epsilon: number) {
  const [rows, width] = x.shape as [number, number];
  const { unit, inner } = unitOf(x);
  return {
    rows,
    uniforms: { width: width / unit },
    floats: { elements: width, epsilon },
    functions: inner,
  };
}
