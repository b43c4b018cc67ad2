import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-core';

/**
 * A block of the network that keeps nothing but its input for the backward pass, and there computes its activations
 * again (activation checkpointing, Chen et al. 2016): one more forward pass for a fraction of the memory. Gradients are
 * the same as without.
 * @param block must depend on nothing trained but `x` and `trained`
 * @param trained the variables that `block` uses and that get gradients
 */
export function recomputed(block: (x: Tensor2D) => Tensor2D, x: Tensor2D, trained: Variable[]): Tensor2D {
  const operation = tf.customGrad((...inputs) => {
    const save = inputs.at(-1) as tf.GradSaveFunc;
    const input = inputs[0] as Tensor2D;
    save([input]);
    return {
      value: block(input),
      gradFunc: (dy: Tensor, saved: Tensor[]) =>
        onOwnTape(() => tf.grads((again) => block(again as Tensor2D))([saved[0] as Tensor, ...trained], dy)),
    };
  });
  return operation(x, ...trained);
}

/**
 * TensorFlow.js has one tape: a gradient inside a gradient function would begin it anew and throw it away at the end,
 * while the outer pass still reads it (engine.ts, 4.22.0). The outer tape is put back afterwards.
 */
function onOwnTape<T>(compute: () => T): T {
  const { state } = tf.engine() as unknown as { state: { activeTape: unknown } };
  const outer = state.activeTape;
  try {
    return compute();
  } finally {
    state.activeTape = outer;
  }
}
