import type { TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { currentBackend, dispatchFlat } from '../../webgpu/program.ts';
import { headVectors } from '../../webgpu/registers.ts';
import type { HeadLayout } from '../attention/head-layout.ts';

type WriteInputs = Record<'qkv' | 'places' | 'keys' | 'values', TensorInfo>;
type ReadInputs = Record<'qkv' | 'reads' | 'prefixKeys' | 'prefixValues' | 'keys' | 'values', TensorInfo>;

/** One thread copies four neighbours of a row's keys, transposed, and of its values. */
const WRITE = `
  let row = index / uniforms.kvWidth;
  let column = index % uniforms.kvWidth;
  let head = column / uniforms.headSize;
  let element = column % uniforms.headSize;
  let capacity = uniforms.capacity;
  let base = (places[row * 2] * uniforms.kvHeads + head) * uniforms.headSize * capacity;
  let position = places[row * 2 + 1];
  let from_ = row * uniforms.width + uniforms.queryWidth + column;
  let key = qkv[from_];
  let at = base * 4 + element * 4 * capacity + position;
  keys[at] = key.x;
  keys[at + capacity] = key.y;
  keys[at + 2 * capacity] = key.z;
  keys[at + 3 * capacity] = key.w;
  result[base + position * uniforms.headSize + element] = qkv[from_ + uniforms.kvWidth];`;

/**
 * One thread per row and head: online softmax (Milakov & Gimelshein 2018) over the prefix and the row's own past, four
 * positions at a time, as the transposed keys offer them.
 */
function read(headSize: number): string {
  const { declare, each } = headVectors(headSize);
  const past = (keys: string, values: string, first: number, capacity: string) => `{
    let begin = reads[row * 6 + ${first + 1}];
    let end = reads[row * 6 + ${first + 2}];
    let stride = uniforms.${capacity} / 4;
    let base = (reads[row * 6 + ${first}] * uniforms.kvHeads + kvHead) * ${headSize} * stride;
    for (var t = begin / 4 * 4; t < end; t += 4) {
      var score = vec4<f32>();
      var key = base + t / 4;
      ${each(
        (at) => `
      score += ${at('query')}.x * ${keys}[key] + ${at('query')}.y * ${keys}[key + stride];
      score += ${at('query')}.z * ${keys}[key + 2 * stride] + ${at('query')}.w * ${keys}[key + 3 * stride];
      key += 4 * stride;`,
      )}
      let position = vec4<i32>(t, t + 1, t + 2, t + 3);
      let seen = (position >= vec4<i32>(begin)) & (position < vec4<i32>(end));
      score = select(vec4<f32>(-3.0e38), score, seen);
      let top = max(highest, max(max(score.x, score.y), max(score.z, score.w)));
      let shrink = exp(highest - top);
      let p = select(vec4<f32>(), exp(score - vec4<f32>(top)), seen);
      total = total * shrink + p.x + p.y + p.z + p.w;
      highest = top;
      let value = base + t * ${headSize / 4};
      ${each(
        (at, c) => `
      ${at('sum')} = ${at('sum')} * shrink + p.x * ${values}[value + ${c}] + p.y * ${values}[value + ${headSize / 4} + ${c}]
        + p.z * ${values}[value + ${headSize / 2} + ${c}] + p.w * ${values}[value + ${(headSize / 4) * 3} + ${c}];`,
      )}
    }
  }`;
  return `
    let row = index / uniforms.heads;
    let head = index % uniforms.heads;
    let kvHead = head / (uniforms.heads / uniforms.kvHeads);
    ${declare('query')}
    ${declare('sum')}
    let start = row * uniforms.width + head * ${headSize / 4};
    ${each((at, c) => `${at('query')} = qkv[start + ${c}] * uniforms.scale;`)}
    var highest = -3.0e38;
    var total = 0.0;
    ${past('prefixKeys', 'prefixValues', 0, 'prefixCapacity')}
    ${past('keys', 'values', 3, 'capacity')}
    ${each((at, c) => `result[index * ${headSize / 4} + ${c}] = ${at('sum')} / total;`)}`;
}

export function registerCachedAttentionWebgpu(): void {
  registerFused<HeadLayout>('CacheWrite', 'webgpu', ({ inputs, attributes }) => {
    const { qkv, places, keys, values } = inputs as WriteInputs;
    const { heads, kvHeads, headSize } = attributes;
    const [rows, width] = qkv.shape as [number, number];
    const kvWidth = (kvHeads * headSize) / 4;
    dispatchFlat({
      name: 'CacheWrite',
      inputs: { qkv, places },
      threads: rows * kvWidth,
      uniforms: {
        kvWidth,
        headSize: headSize / 4,
        kvHeads,
        capacity: values.shape[2] as number,
        width: width / 4,
        queryWidth: (heads * headSize) / 4,
      },
      vectors: ['qkv', 'result'],
      body: WRITE,
      output: values,
      writes: { keys },
    });
    return currentBackend().makeTensorInfo([0], 'float32');
  });

  registerFused<HeadLayout>('CachedAttention', 'webgpu', ({ inputs, attributes }) => {
    const { qkv, reads, prefixKeys, prefixValues, keys, values } = inputs as ReadInputs;
    const { heads, kvHeads, headSize, scale } = attributes;
    const [rows, width] = qkv.shape as [number, number];
    return dispatchFlat({
      name: `CachedAttention ${headSize}`,
      inputs: { qkv, reads, prefixKeys, prefixValues, keys, values },
      threads: rows * heads,
      uniforms: {
        heads,
        kvHeads,
        width: width / 4,
        prefixCapacity: prefixValues.shape[2] as number,
        capacity: values.shape[2] as number,
      },
      floats: { scale },
      vectors: ['qkv', 'prefixKeys', 'prefixValues', 'keys', 'values', 'result'],
      body: read(headSize),
      output: [rows, heads * headSize],
    });
  });
}
