import type { DataId, Tensor } from '@tensorflow/tfjs-core';
import { currentHeap } from './current.ts';
import { HEAP_LIMIT } from './heap.ts';
import type { Pointer } from './pointer.ts';

const COLUMNS = 8; // gemm.c's TILE_COLUMNS

export function packedFloats(k: number, n: number): number {
  return k * Math.ceil(n / COLUMNS) * COLUMNS;
}

const packed = new Map<DataId, Pointer>();

/** Address of a weight's packed copy, where `packWeights` made one. */
export function packedWeight(dataId: object): Pointer | undefined {
  return packed.get(dataId);
}

/** Room that packed copies leave for caches and activations. */
const SPARE_BYTES = 1e9;

/**
 * Packs weights [out, in] once for many small products: while decoding, packing on every call would cost as much
 * as the product itself with 8 rows. The weights must not change until `release` is called, which frees the copies.
 * Where the heap comes to its end, the rest stays unpacked.
 */
export function packWeights(weights: Tensor[]): () => void {
  const heap = currentHeap();
  const mine: DataId[] = [];
  for (const weight of weights) {
    const [n, k] = weight.shape as [number, number];
    if (packed.has(weight.dataId)) continue;
    const bytes = packedFloats(k, n) * 4;
    if (heap.bytes + bytes > HEAP_LIMIT - SPARE_BYTES) break;
    const pointer = heap.reserve(bytes);
    heap.kernels.pack(heap.address(weight), 1, k, pointer, k, n);
    packed.set(weight.dataId, pointer);
    mine.push(weight.dataId);
  }
  return () => {
    for (const dataId of mine) {
      const pointer = packed.get(dataId);
      packed.delete(dataId);
      if (pointer !== undefined) heap.release(pointer);
    }
  };
}
