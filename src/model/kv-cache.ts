import * as tf from '@tensorflow/tfjs-core';
import type { Rank } from '@tensorflow/tfjs-core';
import type { LayerCache } from '../tensor/ops/cached-attention/layer-cache.ts';
import type { ModelConfig } from './config.ts';

/** Keys and values of every layer for a fixed number of slots; written in place. Owns its tensors until `dispose`. */
export interface KvCache {
  slots: number;
  capacity: number;
  layers: LayerCache[];
  dispose(): void;
}

/** @param capacity positions per slot, rounded up to the 8 that the kernels read at a time */
export function createKvCache(config: ModelConfig, slots: number, capacity: number): KvCache {
  const { kvHeads, headSize } = config;
  const rounded = Math.ceil(capacity / 8) * 8;
  const layers = Array.from({ length: config.layers }, () => ({
    keys: tf.zeros<Rank.R4>([slots, kvHeads, headSize, rounded]),
    values: tf.zeros<Rank.R4>([slots, kvHeads, rounded, headSize]),
  }));
  return {
    slots,
    capacity: rounded,
    layers,
    dispose: () => {
      tf.dispose(layers.flatMap(({ keys, values }) => [keys, values]));
    },
  };
}

/** Bytes of one slot, for planning. */
export function kvBytesPerSlot(config: ModelConfig, capacity: number): number {
  return 2 * config.layers * config.kvHeads * config.headSize * Math.ceil(capacity / 8) * 8 * 4;
}
