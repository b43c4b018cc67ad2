import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { HeadLayout } from './head-layout.ts';

const HIDDEN = -1e9;

/** Materialises heads · n · n scores: right on every backend, and meant for moderate n. */
export function composedAttention(qkv: Tensor2D, spans: Tensor2D, layout: HeadLayout): Tensor2D {
  return tf.tidy(() => {
    const { heads, kvHeads, headSize, scale } = layout;
    const n = qkv.shape[0];
    const [q, k, v] = tf.split(qkv, [heads * headSize, kvHeads * headSize, kvHeads * headSize], 1);
    const query = byHead(q as Tensor2D, heads);
    const key = repeatHeads(byHead(k as Tensor2D, kvHeads), heads / kvHeads);
    const value = repeatHeads(byHead(v as Tensor2D, kvHeads), heads / kvHeads);
    const scores = tf.add(tf.mul(tf.matMul(query, tf.transpose(key, [0, 2, 1])), scale), spanMask(spans));
    const out = tf.matMul(tf.softmax(scores), value);
    return tf.reshape(tf.transpose(out, [1, 0, 2]), [n, heads * headSize]);
  });
}

/** [n, heads·d] → [heads, n, d] */
function byHead(x: Tensor2D, heads: number): Tensor3D {
  const [n, width] = x.shape;
  return tf.transpose(tf.reshape(x, [n, heads, width / heads]), [1, 0, 2]);
}

/** Each key/value head serves `times` query heads. (tf.tile's gradient stops at rank 4; concat's does not.) */
function repeatHeads(x: Tensor3D, times: number): Tensor3D {
  if (times === 1) return x;
  // A split into one part has a gradient that fails (4.22.0 hands concat a tensor where it expects a list).
  const heads = x.shape[0] === 1 ? [x] : tf.split<Tensor3D>(x, x.shape[0], 0);
  return tf.concat(heads.flatMap((head) => Array<Tensor3D>(times).fill(head)));
}

/** [1, n, n]: 0 where token i may see token j, −1e9 elsewhere. */
function spanMask(spans: Tensor2D): Tensor3D {
  const n = spans.shape[0];
  const [start, end, own] = tf.split(spans, 3, 1) as [Tensor2D, Tensor2D, Tensor2D];
  const order = tf.range(0, n, 1, 'int32');
  const j = tf.reshape(order, [1, n]);
  const i = tf.reshape(order, [n, 1]);
  const shared = tf.logicalAnd(tf.greaterEqual(j, start), tf.less(j, end));
  const past = tf.logicalAnd(tf.greaterEqual(j, own), tf.lessEqual(j, i));
  const visible = tf.cast(tf.logicalOr(shared, past), 'float32');
  return tf.reshape(tf.mul(tf.sub(1, visible), HIDDEN), [1, n, n]);
}
