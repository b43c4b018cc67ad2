import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';

/**
 * The gradient is a product with the one-hot matrix: tf.gather's own needs UnsortedSegmentSum, which the WASM
 * backend lacks (4.22.0) and which WebGPU sums by atomics, so that its last bits change from run to run.
 */
export function composedTakeRows(table: Tensor2D, rows: Tensor1D): Tensor2D {
  const op = tf.customGrad((x, save) => {
    (save as tf.GradSaveFunc)([rows]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) =>
      tf.tidy(() =>
        tf.matMul(tf.cast(tf.oneHot(saved[0] as Tensor1D, table.shape[0]), 'float32'), dy, true, false),
      );
    return { value: tf.gather(x as Tensor2D, rows), gradFunc };
  });
  return op(table);
}
