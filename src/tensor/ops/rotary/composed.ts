import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';

export function composedRotary(x: Tensor2D, positions: Tensor1D, table: Tensor2D, turning: number): Tensor2D {
  return tf.tidy(() => {
    const [n, whole] = x.shape;
    const size = table.shape[1];
    const width = turning * size;
    const [turned, rest] = tf.split(x, [width, whole - width], 1) as [Tensor2D, Tensor2D];
    const half = size / 2;
    const turns = tf.reshape(tf.gather(table, positions), [n, 1, half, 2]);
    const [cos, sin] = tf.unstack(turns, 3) as [Tensor3D, Tensor3D];
    const heads = tf.reshape(turned, [n, turning, size]);
    const [a, b] = tf.split(heads, 2, 2) as [Tensor3D, Tensor3D];
    const result = tf.concat(
      [tf.sub(tf.mul(a, cos), tf.mul(b, sin)), tf.add(tf.mul(b, cos), tf.mul(a, sin))],
      2,
    );
    return tf.concat2d([tf.reshape(result, [n, width]), rest], 1);
  });
}
