import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';

/** cos and sin, interleaved, of position · θ^(−2j/d): [positions, headSize] (Su et al. 2021). */
export function rotaryTable(positions: number, headSize: number, theta: number): Tensor2D {
  const table = new Float32Array(positions * headSize);
  for (let position = 0; position < positions; position++) {
    for (let j = 0; j < headSize / 2; j++) {
      const angle = position * theta ** ((-2 * j) / headSize);
      table[position * headSize + 2 * j] = Math.cos(angle);
      table[position * headSize + 2 * j + 1] = Math.sin(angle);
    }
  }
  return tf.tensor2d(table, [positions, headSize]);
}
