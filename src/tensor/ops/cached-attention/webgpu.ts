import type { TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { currentBackend, dispatchFlat } from '../../webgpu/program.ts';
import type { HeadLayout } from '../attention/op.ts';

type WriteInputs = Record<'qkv' | 'places' | 'keys' | 'values', TensorInfo>;
type ReadInputs = Record<'qkv' | 'reads' | 'prefixKeys' | 'prefixValues' | 'keys' | 'values', TensorInfo>;

/** One thread copies one element of a key (transposed) or of a value into the cache. */
const writeShader = (part: 'keys' | 'values') => `
  let row = index / uniforms.kvWidth;
  let column = index % uniforms.kvWidth;
  let head = column / uniforms.headSize;
  let element = column % uniforms.headSize;
  let slot = places[row * 2];
  let position = places[row * 2 + 1];
  let base = (slot * uniforms.kvHeads + head) * uniforms.headSize * uniforms.capacity;
  let x = qkv[row * uniforms.width + uniforms.offset + column];
  ${
    part === 'keys'
      ? 'result[base + element * uniforms.capacity + position] = x;'
      : 'result[base + position * uniforms.headSize + element] = x;'
  }`;

/** One thread per (row, head): online softmax (Milakov & Gimelshein 2018) over prefix and own keys. */
const attentionShader = (headSize: number) => `
  let row = index / uniforms.heads;
  let head = index % uniforms.heads;
  let kvHead = head / (uniforms.heads / uniforms.kvHeads);
  var query: array<f32, ${headSize}>;
  var sum: array<f32, ${headSize}>;
  for (var j = 0; j < ${headSize}; j++) {
    query[j] = qkv[row * uniforms.width + head * ${headSize} + j] * uniforms.scale;
    sum[j] = 0.0;
  }
  var highest = -3.0e38;
  var total = 0.0;
  let prefixBase = (reads[row * 6] * uniforms.kvHeads + kvHead) * ${headSize} * uniforms.prefixCapacity;
  for (var t = reads[row * 6 + 1]; t < reads[row * 6 + 2]; t++) {
    var score = 0.0;
    for (var j = 0; j < ${headSize}; j++) { score += query[j] * prefixKeys[prefixBase + j * uniforms.prefixCapacity + t]; }
    let top = max(highest, score);
    let shrink = exp(highest - top);
    let p = exp(score - top);
    total = total * shrink + p;
    for (var j = 0; j < ${headSize}; j++) { sum[j] = sum[j] * shrink + p * prefixValues[prefixBase + t * ${headSize} + j]; }
    highest = top;
  }
  let ownBase = (reads[row * 6 + 3] * uniforms.kvHeads + kvHead) * ${headSize} * uniforms.capacity;
  for (var t = reads[row * 6 + 4]; t < reads[row * 6 + 5]; t++) {
    var score = 0.0;
    for (var j = 0; j < ${headSize}; j++) { score += query[j] * keys[ownBase + j * uniforms.capacity + t]; }
    let top = max(highest, score);
    let shrink = exp(highest - top);
    let p = exp(score - top);
    total = total * shrink + p;
    for (var j = 0; j < ${headSize}; j++) { sum[j] = sum[j] * shrink + p * values[ownBase + t * ${headSize} + j]; }
    highest = top;
  }
  for (var j = 0; j < ${headSize}; j++) { result[index * ${headSize} + j] = sum[j] / total; }`;

export function registerCachedAttentionWebgpu(): void {
  registerFused<HeadLayout>('CacheWrite', 'webgpu', ({ inputs, attributes }) => {
    const { qkv, places, keys, values } = inputs as WriteInputs;
    const { heads, kvHeads, headSize } = attributes;
    const [rows, width] = qkv.shape as [number, number];
    const kvWidth = kvHeads * headSize;
    for (const part of ['keys', 'values'] as const) {
      const offset = heads * headSize + (part === 'values' ? kvWidth : 0);
      dispatchFlat({
        name: `CacheWrite_${part}`,
        inputs: { qkv, places },
        threads: rows * kvWidth,
        uniforms: { kvWidth, headSize, kvHeads, capacity: values.shape[2] as number, width, offset },
        body: writeShader(part),
        output: part === 'keys' ? keys : values,
      });
    }
    return currentBackend().makeTensorInfo([0], 'float32');
  });

  registerFused<HeadLayout>('CachedAttention', 'webgpu', ({ inputs, attributes }) => {
    const { qkv, reads, prefixKeys, prefixValues, keys, values } = inputs as ReadInputs;
    const { heads, kvHeads, headSize, scale } = attributes;
    const [rows, width] = qkv.shape as [number, number];
    return dispatchFlat({
      name: `CachedAttention_${headSize}`,
      inputs: { qkv, reads, prefixKeys, prefixValues, keys, values },
      threads: rows * heads,
      uniforms: {
        heads,
        kvHeads,
        width,
        prefixCapacity: prefixValues.shape[2] as number,
        capacity: values.shape[2] as number,
      },
      floats: { scale },
      body: attentionShader(headSize),
      output: [rows, heads * headSize],
    });
  });
}
