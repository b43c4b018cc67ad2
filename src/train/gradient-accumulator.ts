import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';

/** Sums the gradients of several micro-batches. Owns the sums until `dispose`. */
export class GradientAccumulator {
  readonly #variables: Variable[];
  #sums: Tensor[] | null = null;

  constructor(variables: Variable[]) {
    this.#variables = variables;
  }

  /** Adds d loss / d variables. @returns the loss, the caller's to read and to free */
  add(loss: () => Scalar): Scalar {
    const { value, grads } = tf.variableGrads(loss, this.#variables);
    const gradients = this.#ordered(grads);
    if (this.#sums === null) this.#sums = gradients;
    else {
      // One by one, so that there are never three copies of all.
      this.#sums = this.#sums.map((sum, i) => {
        const next = tf.add(sum, gradients[i] as Tensor);
        tf.dispose([sum, gradients[i]]);
        return next;
      });
    }
    return value;
  }

  #ordered(grads: NamedTensorMap): Tensor[] {
    return this.#variables.map(({ name, shape }) => grads[name] ?? tf.zeros(shape));
  }

  /** In the order of the variables; zeros where no micro-batch came by. Still owned here. */
  get sums(): Tensor[] {
    return (this.#sums ??= this.#variables.map(({ shape }) => tf.zeros(shape)));
  }

  /** Replaces the sums, e.g. by the sums over all workers. */
  replace(sums: Tensor[]): void {
    tf.dispose(this.sums);
    this.#sums = sums;
  }

  dispose(): void {
    if (this.#sums) tf.dispose(this.#sums);
    this.#sums = null;
  }
}
