import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { TrainingSettings } from './training-settings.ts';
import { readSafetensors, writeSafetensors, type NamedArrays } from '../model/formats/safetensors.ts';
import { createLora, disposeLora, loraVariables } from '../model/lora.ts';
import { exportWeights, getWeights, trainableWeights, type Model } from '../model/model.ts';
import { GradientAccumulator } from './gradient-accumulator.ts';
import { Optimizer } from './optimizer.ts';

/** Sums a flat gradient over all workers; the identity where there is one. Every worker gets the same sum. */
export type AllReduce = (gradient: Float32Array) => Promise<Float32Array>;

/** Adds its micro-batches' gradients to the accumulator. Losses are normalised over the batch of *all* workers. */
export type Backward = (accumulator: GradientAccumulator) => Promise<void>;

/**
 * One training run on one replica of the model: gradient, sum over the replicas, AdamW. All replicas apply the same
 * update to the same weights, so they stay equal bit for bit.
 */
export class Trainer {
  readonly variables: Map<string, Variable>;
  readonly #model: Model;
  readonly #settings: TrainingSettings;
  readonly #optimizer: Optimizer;
  readonly #allReduce: AllReduce | null;

  /** With LoRA settings, attaches a fresh adapter to the model unless it carries one already. */
  constructor(model: Model, settings: TrainingSettings, allReduce: AllReduce | null) {
    this.#model = model;
    this.#settings = settings;
    this.#allReduce = allReduce;
    if (settings.lora) {
      model.lora ??= createLora(model.config, settings.lora, settings.seed);
    }
    this.variables = model.lora ? loraVariables(model.lora) : trainableWeights(model);
    this.#optimizer = new Optimizer(this.variables, settings.optimizer);
  }

  /**
   * @param recompute whether layers compute their activations again in the backward pass (recompute.ts)
   * @returns the gradient norm before clipping
   */
  async step(backward: Backward, learningRate: number, recompute = false): Promise<number> {
    const accumulator = new GradientAccumulator([...this.variables.values()]);
    this.#model.recompute = recompute;
    try {
      await backward(accumulator);
      if (this.#allReduce) await this.#reduce(accumulator, this.#allReduce);
      return await this.#optimizer.apply(accumulator.sums, learningRate);
    } finally {
      this.#model.recompute = false;
      accumulator.dispose();
    }
  }

  async #reduce(accumulator: GradientAccumulator, allReduce: AllReduce): Promise<void> {
    const summed = await allReduce(await flatten(accumulator.sums));
    accumulator.replace(unflatten(summed, accumulator.sums));
  }

  /** Everything that is needed to go on: weights, moments, step. */
  async checkpoint(): Promise<ArrayBuffer> {
    const arrays: NamedArrays = await getWeights(this.variables);
    for (const [name, array] of await this.#optimizer.state()) arrays.set(name, array);
    return writeSafetensors(arrays, { metadata: { step: String(this.#optimizer.step) } });
  }

  restore(checkpoint: ArrayBuffer): void {
    const { arrays, metadata } = readSafetensors(checkpoint);
    for (const [name, variable] of this.variables) {
      const array = arrays.get(name);
      if (!array) throw new Error(`The checkpoint lacks ${name}.`);
      tf.tidy(() => {
        variable.assign(tf.tensor(array.data, variable.shape));
      });
    }
    this.#optimizer.restore(arrays, Number(metadata.get('step')));
  }

  /** The trained tensors as safetensors bytes: all weights, or the adapter under PEFT's names. */
  async weights(): Promise<ArrayBuffer> {
    const { lora } = this.#model;
    return writeSafetensors(await (lora ? getWeights(this.variables) : exportWeights(this.#model)));
  }

  get settings(): TrainingSettings {
    return this.#settings;
  }

  /** Frees the optimizer; the trained weights stay in the model. */
  dispose(): void {
    this.#optimizer.dispose();
  }
}

/** Takes an adapter off the model and frees it. */
export function detachLora(model: Model): void {
  if (model.lora) disposeLora(model.lora);
  model.lora = null;
}

async function flatten(tensors: Tensor[]): Promise<Float32Array> {
  const flat = new Float32Array(tensors.reduce((sum, { size }) => sum + size, 0));
  let at = 0;
  for (const tensor of tensors) {
    flat.set(await tensor.data(), at);
    at += tensor.size;
  }
  return flat;
}

function unflatten(flat: Float32Array, like: Tensor[]): Tensor[] {
  let at = 0;
  return like.map(({ shape, size }) => {
    const part = flat.subarray(at, at + size);
    at += size;
    return tf.tensor(part, shape);
  });
}
