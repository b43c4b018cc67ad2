import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { startBackend } from '../../../src/tensor/backend.ts';
import type { HeadLayout } from '../../../src/tensor/ops/attention/head-layout.ts';
import {
  composedCacheWrite,
  composedCachedAttention,
} from '../../../src/tensor/ops/cached-attention/composed.ts';
import { cacheWrite, cachedAttention } from '../../../src/tensor/ops/cached-attention/op.ts';
import type { LayerCache } from '../../../src/tensor/ops/cached-attention/layer-cache.ts';

interface Shape {
  heads: number;
  kvHeads: number;
  headSize: number;
  prefixCapacity: number;
  capacity: number;
}

const SHAPES: Shape[] = [
  { heads: 5, kvHeads: 5, headSize: 32, prefixCapacity: 24, capacity: 8 },
  { heads: 4, kvHeads: 2, headSize: 16, prefixCapacity: 8, capacity: 16 },
  { heads: 4, kvHeads: 1, headSize: 256, prefixCapacity: 16, capacity: 8 },
];

/** Three rows: two share a prefix, the last sees none and only part of its own past. */
const PLACES = [
  [2, 0],
  [0, 3],
  [1, 7],
];
const READS = [
  [0, 0, 6, 2, 0, 1],
  [0, 0, 6, 0, 0, 4],
  [1, 0, 0, 1, 5, 8],
];

const layoutOf = ({ heads, kvHeads, headSize }: Shape): HeadLayout => ({
  heads,
  kvHeads,
  headSize,
  scale: 1 / Math.sqrt(headSize),
});
const matrix = (rows: number[][]) => tf.tensor2d(rows, [rows.length, rows[0]!.length], 'int32');
const normal = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed);

/** The same numbers every time: a cache is written in place. */
function randomCache(
  { kvHeads, headSize }: Shape,
  slots: number,
  capacity: number,
  seed: number,
): LayerCache {
  return {
    keys: normal([slots, kvHeads, headSize, capacity], seed) as Tensor4D,
    values: normal([slots, kvHeads, capacity, headSize], seed + 1) as Tensor4D,
  };
}

/** Writes three rows and attends; [attended, keys, values]. */
async function writeAndRead(
  shape: Shape,
  write: typeof cacheWrite,
  read: typeof cachedAttention,
): Promise<Float32Array[]> {
  const layout = layoutOf(shape);
  const prefix = randomCache(shape, 2, shape.prefixCapacity, 1);
  const own = randomCache(shape, 3, shape.capacity, 3);
  const qkv = normal([3, (shape.heads + 2 * shape.kvHeads) * shape.headSize], 5) as Tensor2D;
  const [places, reads] = [matrix(PLACES), matrix(READS)];
  write(qkv, own, places, layout);
  const out = read(qkv, prefix, own, reads, layout);
  const results: Tensor[] = [out, own.keys, own.values];
  const values = await Promise.all(results.map(async (x) => (await x.data()) as Float32Array));
  tf.dispose([...results, prefix.keys, prefix.values, qkv, places, reads]);
  return values;
}

const largestDifference = (a: Float32Array, b: Float32Array) =>
  a.reduce((max, x, i) => Math.max(max, Math.abs(x - b[i]!)), 0);

describe.each(['wasm', 'webgpu'] as const)('attention over a cache on %s', (backend) => {
  const failures: string[] = [];
  beforeAll(() => startBackend(backend, (message) => failures.push(message)));

  test.each(SHAPES)('fused and composed agree, $heads heads on $kvHeads of size $headSize', async (shape) => {
    const ours = await writeAndRead(shape, cacheWrite, cachedAttention);
    const oracle = await writeAndRead(shape, composedCacheWrite, composedCachedAttention);
    ours.forEach((values, i) => {
      expect(values).toHaveLength(oracle[i]!.length);
      expect(largestDifference(values, oracle[i]!)).toBeLessThan(1e-5);
    });
  });

  test('the composed write frees the cache that it replaces', async () => {
    const before = tf.memory().numTensors;
    await writeAndRead(SHAPES[0]!, composedCacheWrite, composedCachedAttention);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('no program was invalid', () => expect(failures).toEqual([]));
});
