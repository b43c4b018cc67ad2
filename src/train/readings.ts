import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * Numbers on their way back from the device: those of a micro-batch are waited for when the next one has been recorded,
 * so that a GPU never stands still in between. They are used in order.
 */
export class Readings {
  #newest: Promise<void> = Promise.resolve();

  /** Begins to read `tensors`, frees them when they are there, and waits for the reading before this one. */
  async begin(tensors: Tensor[], use: (values: Float32Array[]) => void): Promise<void> {
    const before = this.#newest;
    this.#newest = this.#read(tensors, use, before);
    // Whoever waits for it next gets the error; until then it is not unhandled.
    this.#newest.catch(() => undefined);
    await before;
  }

  /** Waits for what is still on its way. */
  async settle(): Promise<void> {
    await this.#newest;
  }

  async #read(
    tensors: Tensor[],
    use: (values: Float32Array[]) => void,
    before: Promise<void>,
  ): Promise<void> {
    try {
      const values = (await Promise.all(tensors.map((tensor) => tensor.data()))) as Float32Array[];
      await before;
      use(values);
    } finally {
      tf.dispose(tensors);
    }
  }
}
