import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Activation } from './activation.ts';

export function composedGlu(x: Tensor2D, activation: Activation): Tensor2D {
  return tf.tidy(() => {
    const [gate, up] = tf.split(x, 2, 1) as [Tensor2D, Tensor2D];
    const opening = activation === 'silu' ? gate : tf.mul(tanhArgument(gate), 2);
    return tf.mul(tf.mul(gate, tf.sigmoid(opening)), up);
  });
}

/** √(2/π) · (g + 0.044715 g³) */
function tanhArgument(gate: Tensor2D): Tensor2D {
  const cubic = tf.add(1, tf.mul(tf.square(gate), 0.044715));
  return tf.mul(tf.mul(gate, Math.sqrt(2 / Math.PI)), cubic);
}
