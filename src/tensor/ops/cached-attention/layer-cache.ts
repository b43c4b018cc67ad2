import type { Tensor4D } from '@tensorflow/tfjs-core';

/**
 * Keys [slots, kvHeads, headSize, capacity] (transposed) and values [slots, kvHeads, capacity, headSize] of a layer.
 * Capacities are multiples of 8, as `createKvCache` makes them.
 */
export interface LayerCache {
  keys: Tensor4D;
  values: Tensor4D;
}
