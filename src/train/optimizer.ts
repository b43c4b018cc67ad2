import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { OptimizerSettings } from './optimizer-settings.ts';
import type { NamedArrays } from '../model/formats/safetensors.ts';
import { adamw } from '../tensor/ops/adamw/op.ts';

/** AdamW over a set of named variables, with clipping by the global norm. Owns the moments until `dispose`. */
export class Optimizer {
  readonly #settings: OptimizerSettings;
  readonly #variables: Map<string, Variable>;
  readonly #m = new Map<string, Variable>();
  readonly #v = new Map<string, Variable>();
  step = 0;

  constructor(variables: Map<string, Variable>, settings: OptimizerSettings) {
    this.#settings = settings;
    this.#variables = variables;
    for (const [name, { shape }] of variables) {
      this.#m.set(name, zerosVariable(shape));
      this.#v.set(name, zerosVariable(shape));
    }
  }

  /**
   * One update, in place. @param gradients in the order of the variables; stay the caller's
   * @returns the global gradient norm before clipping, as TRL logs it
   */
  async apply(gradients: Tensor[], learningRate: number): Promise<number> {
    const { weightDecay, ...settings } = this.#settings;
    const updates = [...this.#variables].map(([name, weight], i) => ({
      weight,
      gradient: gradients[i] as Tensor,
      m: get(this.#m, name),
      v: get(this.#v, name),
      // As is usual, norms and biases (vectors) are not decayed.
      weightDecay: weight.rank > 1 ? weightDecay : 0,
    }));
    const norm = await adamw(updates, { ...settings, learningRate, step: this.step + 1 });
    if (!Number.isFinite(norm))
      throw new Error('The gradient is not finite: the learning rate may be too high.');
    this.step++;
    return norm;
  }

  /** Moments by name, for a checkpoint. */
  async state(): Promise<NamedArrays> {
    const arrays: NamedArrays = new Map();
    for (const [prefix, moments] of [
      ['m', this.#m],
      ['v', this.#v],
    ] as const) {
      for (const [name, variable] of moments) {
        arrays.set(`${prefix}.${name}`, {
          shape: variable.shape,
          data: (await variable.data()) as Float32Array,
        });
      }
    }
    return arrays;
  }

  restore(arrays: NamedArrays, step: number): void {
    this.step = step;
    for (const [prefix, moments] of [
      ['m', this.#m],
      ['v', this.#v],
    ] as const) {
      for (const [name, variable] of moments) {
        const array = arrays.get(`${prefix}.${name}`);
        if (!array) throw new Error(`The checkpoint lacks the optimizer state of ${name}.`);
        tf.tidy(() => {
          variable.assign(tf.tensor(array.data, variable.shape));
        });
      }
    }
  }

  dispose(): void {
    tf.dispose([...this.#m.values(), ...this.#v.values()]);
  }
}

const zerosVariable = (shape: number[]) => tf.tidy(() => tf.variable(tf.zeros(shape)));

function get(variables: Map<string, Variable>, name: string): Variable {
  return variables.get(name) as Variable;
}
