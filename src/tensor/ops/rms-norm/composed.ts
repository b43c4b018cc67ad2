import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { Heads } from './heads.ts';

export function composedRmsNorm(x: Tensor2D, w: Tensor1D, epsilon: number, heads?: Heads): Tensor2D {
  if (!heads || x.shape[1] === w.shape[0]) return normalised(x, w, epsilon);
  return tf.tidy(() => {
    const [rows, whole] = x.shape;
    const [width] = w.shape;
    const [before, inside] = [heads.begin * width, (heads.end - heads.begin) * width];
    const cut = (begin: number, size: number) => tf.slice(x, [0, begin], [rows, size]);
    const chosen = normalised(tf.reshape(cut(before, inside), [-1, width]), w, epsilon);
    const after = before + inside;
    const parts: Tensor2D[] = [tf.reshape(chosen, [rows, inside])];
    if (before > 0) parts.unshift(cut(0, before));
    if (after < whole) parts.push(cut(after, whole - after));
    return tf.concat(parts, 1);
  });
}

function normalised(x: Tensor2D, w: Tensor1D, epsilon: number): Tensor2D {
  return tf.tidy(() => {
    const meanSquare = tf.mean(tf.square(x), 1, true);
    return tf.mul(tf.mul(x, tf.rsqrt(tf.add(meanSquare, epsilon))), w);
  });
}
