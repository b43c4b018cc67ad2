import type { TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { currentBackend, dispatchFlat, dispatchRows } from '../../webgpu/program.ts';
import { registerRmsNormGradient, type RmsNormAttributes } from './gradient.ts';

type Inputs = Record<'x' | 'w' | 'dy', TensorInfo>;

/** r = 1 / √(mean(x²) + ε), by all threads of the row. */
const SCALE = `
  let start = row * uniforms.width;
  var squares = 0.0;
  for (var j = lane; j < uniforms.width; j += LANES) { squares += inner(x[start + j], x[start + j]); }
  let r = inverseSqrt(rowSum(squares, lane) / uniforms.elements + uniforms.epsilon);`;

export function registerRmsNormWebgpu(): void {
  registerFused<RmsNormAttributes>('RmsNorm', 'webgpu', ({ inputs, attributes }) => {
    const { x, w } = inputs as Inputs;
    return dispatchRows({
      ...commonOf('RmsNorm', x, attributes),
      inputs: { x, w },
      body: `${SCALE}
        for (var j = lane; j < uniforms.width; j += LANES) {
          let y = x[start + j] * r * w[j];
          result[start + j] = select(x[start + j], y, isMeant(row));
        }`,
      output: x.shape,
    });
  });

  // dx = r · (w∘dy − x · r² · mean(x∘w∘dy))
  registerFused<RmsNormAttributes>('RmsNormInputGradient', 'webgpu', ({ inputs, attributes }) => {
    const { x, w, dy } = inputs as Inputs;
    return dispatchRows({
      ...commonOf('RmsNormInputGradient', x, attributes),
      inputs: { x, w, dy },
      body: `${SCALE}
        var along = 0.0;
        for (var j = lane; j < uniforms.width; j += LANES) { along += inner(x[start + j] * w[j], dy[start + j]); }
        let shrink = rowSum(along, lane) / uniforms.elements * r * r;
        for (var j = lane; j < uniforms.width; j += LANES) {
          let dx = r * (w[j] * dy[start + j] - x[start + j] * shrink);
          result[start + j] = select(dy[start + j], dx, isMeant(row));
        }`,
      output: x.shape,
    });
  });

  // dw = Σ over rows of dy∘x · r
  registerFused<RmsNormAttributes>('RmsNormWeightGradient', 'webgpu', ({ inputs, attributes }) => {
    const { x, dy } = inputs as Inputs;
    const common = commonOf('RmsNormScale', x, attributes);
    const { rows, uniforms, vectors, functions } = common;
    const scales = dispatchRows({
      ...common,
      inputs: { x },
      vectors: vectors.filter((name) => name !== 'result'),
      body: `${SCALE}
        if (lane == 0) { result[row] = select(0.0, r, isMeant(row)); }`,
      output: [rows],
    });
    const dw = dispatchFlat({
      name: `RmsNormWeightGradient ${common.name}`,
      inputs: { x, dy, scales },
      threads: uniforms.width,
      uniforms: { ...uniforms, rows },
      vectors,
      functions,
      body: `
        var sum = T();
        for (var row = 0; row < uniforms.rows; row++) {
          let at = row * uniforms.width + index;
          sum += dy[at] * x[at] * scales[row];
        }
        result[index] = sum;`,
      output: [attributes.width],
    });
    currentBackend().disposeData(scales.dataId);
    return dw;
  });

  registerRmsNormGradient();
}

/** A row is read four numbers at a time where its width allows; it may be one of several heads that make up a row of x. */
function commonOf(name: string, x: TensorInfo, { width, begin, end, epsilon }: RmsNormAttributes) {
  const [rows, whole] = x.shape as [number, number];
  const heads = whole / width;
  const unit = width % 4 === 0 ? 4 : 1;
  const [type, product] = unit === 4 ? ['vec4<f32>', 'dot(a, b)'] : ['f32', 'a * b'];
  const head = 'row % uniforms.heads';
  const meant = heads === 1 ? 'true' : `${head} >= uniforms.begin && ${head} < uniforms.end`;
  return {
    name: `${name} ${unit} ${heads === 1 ? 'rows' : 'heads'}`,
    rows: rows * heads,
    uniforms: { width: width / unit, heads, begin, end },
    floats: { elements: width, epsilon },
    vectors: unit === 4 ? ['x', 'w', 'dy', 'result'] : [],
    functions: `
      alias T = ${type};
      fn inner(a : T, b : T) -> f32 { return ${product}; }
      fn isMeant(row : i32) -> bool { return ${meant}; }`,
  };
}
