import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';

/**
 * Ascending order of a short vector, as the product with a permutation matrix: TensorFlow.js has no sort, and its TopK has
 * no gradient. Takes n² comparisons: for batches of pairs.
 * @param x [n]; equal values keep their order
 */
export const sort: (x: Tensor1D) => Tensor1D = tf.customGrad((...args) => {
  const [x, save] = args as unknown as [Tensor1D, (tensors: Tensor[]) => void];
  const order = permutation(x);
  save([order]);
  return {
    value: product(order, x),
    gradFunc: (dy, saved) => product(tf.transpose(saved[0] as Tensor2D), dy),
  };
});

const product = (matrix: Tensor2D, x: Tensor1D): Tensor1D =>
  tf.squeeze(tf.matMul(matrix, tf.expandDims(x, 1)), [1]);

/** [n, n]: row k is 1 where the k-th smallest element stands. */
function permutation(x: Tensor1D): Tensor2D {
  const column = tf.expandDims(x, 1);
  const row = tf.expandDims(x, 0);
  const index = tf.range(0, x.size);
  const stoodBefore = tf.less(tf.expandDims(index, 0), tf.expandDims(index, 1));
  const sortsBefore = tf.logicalOr(tf.less(row, column), tf.logicalAnd(tf.equal(row, column), stoodBefore));
  const rank = tf.sum(tf.cast(sortsBefore, 'float32'), 1);
  return tf.cast(tf.equal(tf.expandDims(index, 1), tf.expandDims(rank, 0)), 'float32');
}
