import type { TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { currentBackend, dispatchFlat } from '../../webgpu/program.ts';
import { registerAttentionGradient } from './gradient.ts';
import type { HeadLayout } from './op.ts';

type Inputs = Record<'qkv' | 'spans' | 'out' | 'lse' | 'dy', TensorInfo>;

/**
 * Attention in flat programs without workgroup memory, one thread per row and head, in vectors of four. No scores are
 * stored: of n · n per head, the stock operations would hold eight copies in a training step.
 */
const functions = (size: number) => `
  fn product(query : i32, key : i32) -> f32 {
    var sum = 0.0;
    for (var j = 0; j < ${size}; j++) { sum += dot(qkv[query + j], qkv[key + j]); }
    return sum * uniforms.scale;
  }
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
  let head = index % uniforms.heads;`;

const QUERY = `${ROW_AND_HEAD}
  let kv = kvOf(head);
  let query = queryAt(row, head);`;

/** log Σ exp(scale · q·k), online (Milakov & Gimelshein 2018). */
const LOG_SUM = `${QUERY}
  var highest = -3.0e38;
  var total = 0.0;
  ${eachSeen(`
    let score = product(query, keyAt(t, kv));
    let top = max(highest, score);
    total = total * exp(highest - top) + exp(score - top);
    highest = top;`)}
  result[index] = highest + log(total);`;

const output = (size: number) => `${QUERY}
  var sum : array<vec4<f32>, ${size}>;
  ${eachSeen(`
    let p = exp(product(query, keyAt(t, kv)) - lse[index]);
    let value = valueAt(t, kv);
    for (var j = 0; j < ${size}; j++) { sum[j] += p * qkv[value + j]; }`)}
  for (var j = 0; j < ${size}; j++) { result[index * ${size} + j] = sum[j]; }`;

/** Σ dy∘out of a row and head: what softmax's gradient subtracts. */
const inner = (size: number) => `
  var sum = 0.0;
  for (var j = 0; j < ${size}; j++) { sum += dot(dy[index * ${size} + j], attended[index * ${size} + j]); }
  result[index] = sum;`;

/** dp = dy · v, ds = p · (dp − Σ dy∘out), for a query's row and head at `at` and a key's token at `t`. */
const scoreGradient = (size: number) => `
    let value = valueAt(t, kv);
    let p = exp(product(query, keyAt(t, kv)) - lse[at]);
    var dp = 0.0;
    for (var j = 0; j < ${size}; j++) { dp += dot(dy[at * ${size} + j], qkv[value + j]); }
    let ds = p * (dp - sums[at]) * uniforms.scale;`;

/** dq = Σ ds · k */
const queryGradient = (size: number) => `${QUERY}
  let at = index;
  var dq : array<vec4<f32>, ${size}>;
  ${eachSeen(`${scoreGradient(size)}
    let key = keyAt(t, kv);
    for (var j = 0; j < ${size}; j++) { dq[j] += ds * qkv[key + j]; }`)}
  for (var j = 0; j < ${size}; j++) { result[query + j] = dq[j]; }`;

/** dk = Σ ds · q and dv = Σ p · dy over the rows that see token t; they all stand at t or after it. */
const keyValueGradient = (size: number) => `
  let t = index / uniforms.kvHeads;
  let kv = index % uniforms.kvHeads;
  let group = uniforms.heads / uniforms.kvHeads;
  var dk : array<vec4<f32>, ${size}>;
  var dv : array<vec4<f32>, ${size}>;
  for (var row = t; row < uniforms.rows; row++) {
    let shared_ = t >= spans[row * 3] && t < spans[row * 3 + 1];
    if (!shared_ && t < spans[row * 3 + 2]) { continue; }
    for (var head = kv * group; head < (kv + 1) * group; head++) {
      let at = row * uniforms.heads + head;
      let query = queryAt(row, head);
      ${scoreGradient(size)}
      for (var j = 0; j < ${size}; j++) {
        dk[j] += ds * qkv[query + j];
        dv[j] += p * dy[at * ${size} + j];
      }
    }
  }
  for (var j = 0; j < ${size}; j++) {
    result[keyAt(t, kv) + j] = dk[j];
    result[valueAt(t, kv) + j] = dv[j];
  }`;

export function registerAttentionWebgpu(): void {
  registerFused<HeadLayout>('Attention', 'webgpu', ({ inputs, attributes }) => {
    const { qkv, spans } = inputs as Inputs;
    const { heads, headSize } = attributes;
    const rows = qkv.shape[0] as number;
    const common = commonOf(qkv, attributes);
    const lse = dispatchFlat({
      ...common,
      name: `AttentionLogSum_${headSize}`,
      inputs: { qkv, spans },
      threads: rows * heads,
      vectors: ['qkv'],
      body: LOG_SUM,
      output: [rows, heads],
    });
    const out = dispatchFlat({
      ...common,
      name: `Attention_${headSize}`,
      inputs: { qkv, spans, lse },
      threads: rows * heads,
      vectors: ['qkv', 'result'],
      body: output(headSize / 4),
      output: [rows, heads * headSize],
    });
    return [out, lse];
  });

  registerFused<HeadLayout>('AttentionGradient', 'webgpu', ({ inputs, attributes }) => {
    const { qkv, spans, out, lse, dy } = inputs as Inputs;
    const { heads, kvHeads, headSize } = attributes;
    const rows = qkv.shape[0] as number;
    const sums = dispatchFlat({
      name: `AttentionInner_${headSize}`,
      inputs: { dy, attended: out },
      threads: rows * heads,
      uniforms: {},
      vectors: ['dy', 'attended'],
      body: inner(headSize / 4),
      output: [rows, heads],
    });
    const common = { ...commonOf(qkv, attributes), inputs: { qkv, spans, lse, sums, dy } };
    const vectors = ['qkv', 'dy', 'result'];
    const dqkv = dispatchFlat({
      ...common,
      name: `AttentionQueryGradient_${headSize}`,
      threads: rows * heads,
      vectors,
      body: queryGradient(headSize / 4),
      output: qkv.shape,
    });
    // The other columns of the same tensor.
    dispatchFlat({
      ...common,
      name: `AttentionKeyValueGradient_${headSize}`,
      threads: rows * kvHeads,
      vectors,
      body: keyValueGradient(headSize / 4),
      output: dqkv,
    });
    currentBackend().disposeData(sums.dataId);
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
