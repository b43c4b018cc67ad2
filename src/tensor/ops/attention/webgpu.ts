import type { TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { currentBackend, dispatchFlat, dispatchRows } from '../../webgpu/program.ts';
import { headVectors } from '../../webgpu/registers.ts';
import { registerAttentionGradient } from './gradient.ts';
import type { HeadLayout } from './head-layout.ts';

type Inputs = Record<'qkv' | 'spans' | 'out' | 'lse' | 'dy', TensorInfo>;

/**
 * Attention without workgroup memory, one thread per row and head, which keeps its own vectors in registers. No scores are
 * stored: of n · n per head, the stock operations would hold eight copies in a training step.
 */
const functions = (size: number) => `
  fn kvOf(head : i32) -> i32 { return head / (uniforms.heads / uniforms.kvHeads); }
  fn queryAt(row : i32, head : i32) -> i32 { return row * uniforms.width + head * ${size}; }
  fn keyAt(row : i32, kv : i32) -> i32 { return row * uniforms.width + (uniforms.heads + kv) * ${size}; }
  fn valueAt(row : i32, kv : i32) -> i32 {
    return row * uniforms.width + (uniforms.heads + uniforms.kvHeads + kv) * ${size};
  }`;

/** Runs `body` for every token t that `row` sees. */
const eachSeen = (body: string) => `
  for (var part = 0; part < 2; part++) {
    let begin = select(spans[row * 3 + 2], spans[row * 3], part == 0);
    let past = select(row + 1, spans[row * 3 + 1], part == 0);
    for (var t = begin; t < past; t++) { ${body} }
  }`;

const ROW_AND_HEAD = `
  let row = index / uniforms.heads;
  let head = index % uniforms.heads;
  let kv = kvOf(head);`;

/** softmax(scale · q·k) · v and log Σ exp, online (Milakov & Gimelshein 2018). */
function forward(headSize: number): string {
  const { declare, each } = headVectors(headSize);
  return `${ROW_AND_HEAD}
    ${declare('query')}
    ${declare('sum')}
    let start = queryAt(row, head);
    ${each((at, c) => `${at('query')} = qkv[start + ${c}] * uniforms.scale;`)}
    var highest = -3.0e38;
    var total = 0.0;
    ${eachSeen(`
      let key = keyAt(t, kv);
      let value = valueAt(t, kv);
      var score = 0.0;
      ${each((at, c) => `score += dot(${at('query')}, qkv[key + ${c}]);`)}
      let top = max(highest, score);
      let shrink = exp(highest - top);
      let p = exp(score - top);
      total = total * shrink + p;
      highest = top;
      ${each((at, c) => `${at('sum')} = ${at('sum')} * shrink + p * qkv[value + ${c}];`)}`)}
    ${each((at, c) => `result[index * ${headSize / 4} + ${c}] = ${at('sum')} / total;`)}
    lse[index] = highest + log(total);`;
}

/** dp = dy · v, ds = p · (dp − Σ dy∘out): dq = Σ ds · k */
function queryGradient(headSize: number): string {
  const { declare, each } = headVectors(headSize);
  return `${ROW_AND_HEAD}
    ${declare('query')}
    ${declare('slope')}
    ${declare('dq')}
    let start = queryAt(row, head);
    ${each((at, c) => `${at('query')} = qkv[start + ${c}]; ${at('slope')} = dy[index * ${headSize / 4} + ${c}];`)}
    let least = lse[index];
    let mean = sums[index];
    ${eachSeen(`
      let key = keyAt(t, kv);
      let value = valueAt(t, kv);
      var score = 0.0;
      var dp = 0.0;
      ${each((at, c) => `score += dot(${at('query')}, qkv[key + ${c}]); dp += dot(${at('slope')}, qkv[value + ${c}]);`)}
      let ds = exp(score * uniforms.scale - least) * (dp - mean) * uniforms.scale;
      ${each((at, c) => `${at('dq')} += ds * qkv[key + ${c}];`)}`)}
    ${each((at, c) => `result[start + ${c}] = ${at('dq')};`)}`;
}

/**
 * The row behind the last one that sees token t. On SwiftShader only loops end early, a branch runs both sides: passing by rows
 * that do not see t costs as much as computing them.
 */
const LAST_READER = `
  var past = index + 1;
  for (var row = index + 1; row < uniforms.rows; row++) {
    let seen = (index >= spans[row * 3] && index < spans[row * 3 + 1]) || index >= spans[row * 3 + 2];
    past = select(past, row + 1, seen);
  }
  result[index] = past;`;

/** dk = Σ ds · q and dv = Σ p · dy over the rows that see token t; they all stand at t or after it. */
function keyValueGradient(headSize: number): string {
  const { declare, each } = headVectors(headSize);
  return `
    let t = index / uniforms.kvHeads;
    let kv = index % uniforms.kvHeads;
    let group = uniforms.heads / uniforms.kvHeads;
    ${['key', 'value', 'dk', 'dv'].map(declare).join('\n')}
    let keyStart = keyAt(t, kv);
    let valueStart = valueAt(t, kv);
    ${each((at, c) => `${at('key')} = qkv[keyStart + ${c}]; ${at('value')} = qkv[valueStart + ${c}];`)}
    let past = readers[t];
    for (var row = t; row < past; row++) {
      let seen = (t >= spans[row * 3] && t < spans[row * 3 + 1]) || t >= spans[row * 3 + 2];
      for (var head = kv * group; head < (kv + 1) * group; head++) {
        let at = row * uniforms.heads + head;
        let query = queryAt(row, head);
        let slope = at * ${headSize / 4};
        var score = 0.0;
        var dp = 0.0;
        ${each((at, c) => `score += dot(${at('key')}, qkv[query + ${c}]); dp += dot(${at('value')}, dy[slope + ${c}]);`)}
        let p = select(0.0, exp(score * uniforms.scale - lse[at]), seen);
        let ds = p * (dp - sums[at]) * uniforms.scale;
        ${each((at, c) => `${at('dk')} += ds * qkv[query + ${c}]; ${at('dv')} += p * dy[slope + ${c}];`)}
      }
    }
    ${each((at, c) => `result[keyStart + ${c}] = ${at('dk')}; result[valueStart + ${c}] = ${at('dv')};`)}`;
}

export function registerAttentionWebgpu(): void {
  registerFused<HeadLayout>('Attention', 'webgpu', ({ inputs, attributes }) => {
    const { qkv, spans } = inputs as Inputs;
    const { heads, headSize } = attributes;
    const rows = qkv.shape[0] as number;
    const lse = currentBackend().makeTensorInfo([rows, heads], 'float32');
    const out = dispatchFlat({
      ...commonOf(qkv, attributes),
      name: `Attention ${headSize}`,
      inputs: { qkv, spans },
      threads: rows * heads,
      vectors: ['qkv', 'result'],
      body: forward(headSize),
      output: [rows, heads * headSize],
      writes: { lse },
    });
    return [out, lse];
  });

  registerFused<HeadLayout>('AttentionGradient', 'webgpu', ({ inputs, attributes }) => {
    const { qkv, spans, out, lse, dy } = inputs as Inputs;
    const { heads, kvHeads, headSize } = attributes;
    const rows = qkv.shape[0] as number;
    // Σ dy∘out of a row and head: what softmax's gradient subtracts.
    const sums = dispatchRows({
      name: `AttentionInner`,
      inputs: { dy, attended: out },
      rows: rows * heads,
      uniforms: { size: headSize / 4 },
      vectors: ['dy', 'attended'],
      body: `
        var sum = 0.0;
        for (var c = lane; c < uniforms.size; c += LANES) {
          sum += dot(dy[row * uniforms.size + c], attended[row * uniforms.size + c]);
        }
        sum = rowSum(sum, lane);
        if (lane == 0) { result[row] = sum; }`,
      output: [rows, heads],
    });
    const readers = dispatchFlat({
      name: 'AttentionLastReader',
      inputs: { spans },
      threads: rows,
      uniforms: { rows },
      body: LAST_READER,
      output: currentBackend().makeTensorInfo([rows], 'int32'),
    });
    const common = { ...commonOf(qkv, attributes), inputs: { qkv, spans, lse, sums, dy } };
    const vectors = ['qkv', 'dy', 'result'];
    const dqkv = dispatchFlat({
      ...common,
      name: `AttentionQueryGradient ${headSize}`,
      threads: rows * heads,
      vectors,
      body: queryGradient(headSize),
      output: qkv.shape,
    });
    // The other columns of the same tensor.
    dispatchFlat({
      ...common,
      inputs: { ...common.inputs, readers },
      name: `AttentionKeyValueGradient ${headSize}`,
      threads: rows * kvHeads,
      vectors,
      body: keyValueGradient(headSize),
      output: dqkv,
    });
    for (const { dataId } of [sums, readers]) currentBackend().disposeData(dataId);
    return dqkv;
  });

  registerAttentionGradient();
}

/** Sizes in vectors of four. */
function commonOf(qkv: TensorInfo, { heads, kvHeads, headSize, scale }: HeadLayout) {
  const [rows, width] = qkv.shape as [number, number];
  return {
    uniforms: { rows, width: width / 4, heads, kvHeads },
    floats: { scale },
    functions: functions(headSize / 4),
  };
}
