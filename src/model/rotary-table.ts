import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { LayerType, ModelConfig } from './config.ts';
import { ropeFrequencies } from './rope.ts';

/** Positions beyond what a model was made for. */
export class ContextLengthError extends Error {
  override name = 'ContextLengthError';
}

/** cos and sin, interleaved, of position · frequency: [positions, 2 · frequencies] (Su et al. 2021). */
export function rotaryTable(positions: number, frequencies: Float32Array): Tensor2D {
  const width = 2 * frequencies.length;
  const table = new Float32Array(positions * width);
  for (let position = 0; position < positions; position++) {
    frequencies.forEach((frequency, j) => {
      const angle = Math.fround(position * frequency);
      table[position * width + 2 * j] = Math.cos(angle);
      table[position * width + 2 * j + 1] = Math.sin(angle);
    });
  }
  return tf.tensor2d(table, [positions, width]);
}

/**
 * A model's rotary tables, as long as they had to be so far: the 131,072 positions that a model allows would take
 * 134 MB with heads of 256. Owns its tensors until `dispose`.
 */
export class RotaryTables {
  readonly #config: ModelConfig;
  #length = 0;
  #tables: Partial<Record<LayerType, Tensor2D>> = {};

  constructor(config: ModelConfig) {
    this.#config = config;
  }

  /**
   * One table for each type of layer, covering positions [0, length) at least.
   * @throws ContextLengthError beyond the model's context
   */
  cover(length: number): Partial<Record<LayerType, Tensor2D>> {
    const { contextLength } = this.#config;
    if (length > contextLength) {
      throw new ContextLengthError(
        `The text takes ${length} tokens, and this model reads at most ${contextLength}. Shorten it.`,
      );
    }
    if (length > this.#length)
      this.#grow(Math.min(contextLength, Math.max(512, 2 ** Math.ceil(Math.log2(length)))));
    return this.#tables;
  }

  #grow(length: number): void {
    this.dispose();
    const { layerTypes, rope, headSize } = this.#config;
    for (const type of new Set(layerTypes)) {
      this.#tables[type] = tf.keep(rotaryTable(length, ropeFrequencies(rope[type], headSize)));
    }
    this.#length = length;
  }

  dispose(): void {
    tf.dispose(Object.values(this.#tables));
    this.#tables = {};
    this.#length = 0;
  }
}
