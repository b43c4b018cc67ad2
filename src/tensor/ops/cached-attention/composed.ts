import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { HeadLayout } from '../attention/head-layout.ts';
import type { LayerCache } from './layer-cache.ts';

const HIDDEN = -1e9;

/** Stock operations write into nothing: the cache's two tensors are copied whole, and the copies take their place. */
export function composedCacheWrite(
  qkv: Tensor2D,
  cache: LayerCache,
  places: Tensor2D,
  layout: HeadLayout,
): void {
  const { heads, kvHeads, headSize } = layout;
  const kvWidth = kvHeads * headSize;
  const capacity = cache.values.shape[2];
  const keyOffset = (column: number) => column * capacity;
  const valueOffset = (column: number) =>
    Math.floor(column / headSize) * capacity * headSize + (column % headSize);
  const written = tf.tidy(() => {
    const [, k, v] = tf.split(qkv, [heads * headSize, kvWidth, kvWidth], 1) as [Tensor, Tensor, Tensor];
    const [slot, position] = tf.split(places, 2, 1) as [Tensor, Tensor];
    const base = tf.mul(slot, tf.scalar(kvWidth * capacity, 'int32'));
    const down = tf.mul(position, tf.scalar(headSize, 'int32'));
    return {
      keys: scatter(cache.keys, k, tf.add(base, position), keyOffset),
      values: scatter(cache.values, v, tf.add(base, down), valueOffset),
    };
  });
  tf.dispose([cache.keys, cache.values]);
  cache.keys = tf.keep(written.keys);
  cache.values = tf.keep(written.values);
}

/** Element c of a row of x goes to start + offset(c) of the cache, counted through all its dimensions. */
function scatter(cache: Tensor4D, x: Tensor, start: Tensor, offset: (column: number) => number): Tensor4D {
  const offsets = tf.tensor1d(
    Array.from({ length: x.shape[1] ?? 0 }, (_, column) => offset(column)),
    'int32',
  );
  const places = tf.reshape(tf.add(start, offsets), [-1, 1]);
  return tf.reshape(
    tf.tensorScatterUpdate(tf.reshape(cache, [-1]), places, tf.reshape(x, [-1])),
    cache.shape,
  );
}

/** Gathers each row's prefix and own past, and hides the positions that it does not see. */
export function composedCachedAttention(
  qkv: Tensor2D,
  prefix: LayerCache,
  own: LayerCache,
  reads: Tensor2D,
  layout: HeadLayout,
): Tensor2D {
  return tf.tidy(() => {
    const { heads, kvHeads, headSize, scale } = layout;
    const rows = qkv.shape[0];
    const q = tf.reshape(tf.slice(qkv, [0, 0], [rows, heads * headSize]), [
      rows,
      kvHeads,
      heads / kvHeads,
      headSize,
    ]);
    const parts = tf.split<Tensor2D>(reads, 6, 1);
    const past = [pastOf(prefix, parts.slice(0, 3)), pastOf(own, parts.slice(3))];
    const scores = past.map(({ keys, mask }) => tf.add(tf.mul(tf.matMul(q, keys), scale), mask));
    const values = tf.concat(
      past.map((part) => part.values),
      2,
    );
    const out = tf.matMul(tf.softmax(tf.concat(scores, 3)), values);
    return tf.reshape(out, [rows, heads * headSize]);
  });
}

/** A row's slot of a cache; the mask is 0 in the positions [begin, end) and −1e9 elsewhere, [rows, 1, 1, capacity]. */
function pastOf(cache: LayerCache, [slot, begin, end]: Tensor2D[]): LayerCache & { mask: Tensor4D } {
  const slots = tf.squeeze<Tensor1D>(slot!, [1]);
  const position = tf.range(0, cache.values.shape[2], 1, 'int32');
  const visible = tf.logicalAnd(tf.greaterEqual(position, begin!), tf.less(position, end!));
  const mask = tf.mul(tf.sub(1, tf.cast(visible, 'float32')), HIDDEN);
  return {
    keys: tf.gather(cache.keys, slots),
    values: tf.gather(cache.values, slots),
    mask: tf.reshape(mask, [slots.size, 1, 1, -1]),
  };
}
