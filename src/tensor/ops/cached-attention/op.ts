import type { Tensor2D } from '@tensorflow/tfjs-core';
import { hasFused, runKernel } from '../../kernel.ts';
import { checkHeadLayout, type HeadLayout } from '../attention/head-layout.ts';
import { composedCacheWrite, composedCachedAttention } from './composed.ts';
import type { LayerCache } from './layer-cache.ts';

/** Positions that the kernels read at a time. */
const POSITIONS = 8;

/** A cache whose last positions would be read together with what lies behind them. */
export class CacheCapacityError extends Error {
  override name = 'CacheCapacityError';
}

function checkCapacity({ values }: LayerCache): void {
  const capacity = values.shape[2];
  if (capacity % POSITIONS === 0) return;
  throw new CacheCapacityError(
    `A cache of ${capacity} positions: fused attention needs a multiple of ${POSITIONS}.`,
  );
}

/**
 * Writes the keys and values of `qkv` into a cache, in place: tensors are immutable in TensorFlow.js, and a
 * concatenated cache would copy itself with every token.
 * @param places int32 [rows, 2]: slot, position
 * @throws HeadLayoutError, CacheCapacityError
 */
export function cacheWrite(qkv: Tensor2D, cache: LayerCache, places: Tensor2D, layout: HeadLayout): void {
  if (!hasFused('CacheWrite')) {
    composedCacheWrite(qkv, cache, places, layout);
    return;
  }
  checkHeadLayout(layout);
  checkCapacity(cache);
  runKernel('CacheWrite', { qkv, places, ...cache }, layout).dispose();
}

/**
 * One new token per row attends to a shared prefix and to its own past (its own newest key is in the cache already).
 * @param reads int32 [rows, 6]: prefix slot and its positions [begin, end), own slot and its positions [begin, end)
 * @returns [rows, heads·headSize]
 * @throws HeadLayoutError, CacheCapacityError
 */
export function cachedAttention(
  qkv: Tensor2D,
  prefix: LayerCache,
  own: LayerCache,
  reads: Tensor2D,
  layout: HeadLayout,
): Tensor2D {
  if (!hasFused('CachedAttention')) return composedCachedAttention(qkv, prefix, own, reads, layout);
  checkHeadLayout(layout);
  checkCapacity(prefix);
  checkCapacity(own);
  const caches = {
    prefixKeys: prefix.keys,
    prefixValues: prefix.values,
    keys: own.keys,
    values: own.values,
  };
  return runKernel('CachedAttention', { qkv, reads, ...caches }, layout) as Tensor2D;
}
