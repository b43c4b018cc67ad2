import type { TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { currentHeap } from '../../wasm/current.ts';
import type { HeadLayout } from '../attention/head-layout.ts';

type WriteInputs = Record<'qkv' | 'places' | 'keys' | 'values', TensorInfo>;
type ReadInputs = Record<'qkv' | 'reads' | 'prefixKeys' | 'prefixValues' | 'keys' | 'values', TensorInfo>;

const capacityOf = (values: TensorInfo) => values.shape[2] as number;

export function registerCachedAttention(): void {
  registerFused<HeadLayout>('CacheWrite', 'wasm', ({ inputs, attributes }) => {
    const { qkv, places, keys, values } = inputs as WriteInputs;
    const { heads, kvHeads, headSize } = attributes;
    const heap = currentHeap();
    const [rows, width] = qkv.shape as [number, number];
    const k = heap.address(qkv) + heads * headSize * 4;
    heap.kernels.cache_write(
      k,
      k + kvHeads * headSize * 4,
      width,
      heap.address(keys),
      heap.address(values),
      heap.address(places),
      rows,
      kvHeads,
      headSize,
      capacityOf(values),
    );
    return heap.allocate([0]);
  });

  registerFused<HeadLayout>('CachedAttention', 'wasm', ({ inputs, attributes }) => {
    const { qkv, reads, prefixKeys, prefixValues, keys, values } = inputs as ReadInputs;
    const { heads, kvHeads, headSize, scale } = attributes;
    const heap = currentHeap();
    const [rows, width] = qkv.shape as [number, number];
    const out = heap.allocate([rows, heads * headSize]);
    heap.kernels.cached_attention(
      heap.address(qkv),
      width,
      heap.address(prefixKeys),
      heap.address(prefixValues),
      capacityOf(prefixValues),
      heap.address(keys),
      heap.address(values),
      capacityOf(values),
      heap.address(reads),
      heap.address(out),
      heap.scratch(capacityOf(prefixValues) + capacityOf(values) + 16),
      rows,
      heads,
      kvHeads,
      headSize,
      scale,
    );
    return out;
  });
}
