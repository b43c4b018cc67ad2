import * as tf from '@tensorflow/tfjs-core';
import type { NamedAttrMap, NamedTensorInfoMap, Tensor, TensorInfo } from '@tensorflow/tfjs-core';

/** True where the current backend has a fused kernel of this name; else the composed version is used. */
export function hasFused(name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) !== undefined;
}

/**
 * Runs a registered kernel through the engine, so that its gradient is on the tape. Attributes may be any value
 * that the kernel understands, typed arrays included; tfjs's own type is narrower than what its engine passes on.
 */
export function runKernel(name: string, inputs: Record<string, Tensor>, attributes: object = {}): Tensor {
  return tf.engine().runKernel(name, inputs, attributes as unknown as NamedAttrMap);
}

export interface KernelCall<Attributes> {
  inputs: NamedTensorInfoMap;
  attributes: Attributes;
}

/** Registers a fused kernel for one backend. */
export function registerFused<Attributes extends object>(
  kernelName: string,
  backendName: string,
  run: (call: KernelCall<Attributes>) => TensorInfo | TensorInfo[],
): void {
  tf.registerKernel({
    kernelName,
    backendName,
    kernelFunc: ({ inputs, attrs }) => run({ inputs, attributes: attrs as unknown as Attributes }),
  });
}

/** Registers a gradient: thunks per input, evaluated only for inputs that lead to a trained weight. */
export function registerFusedGradient<Attributes extends object>(
  kernelName: string,
  saved: { inputs: string[]; outputs?: boolean[] },
  gradient: (dy: Tensor, saved: Tensor[], attributes: Attributes) => Record<string, () => Tensor>,
): void {
  tf.registerGradient({
    kernelName,
    inputsToSave: saved.inputs,
    ...(saved.outputs ? { outputsToSave: saved.outputs } : {}),
    gradFunc: (dy, tensors, attributes) =>
      gradient((Array.isArray(dy) ? dy[0] : dy) as Tensor, tensors, attributes as unknown as Attributes),
  });
}
