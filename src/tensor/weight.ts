import * as tf from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { Tensor1D, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import { packBlocks, packedBytes, packedLayout, type PackedFormat } from './quantised.ts';

/** A matrix [out, in] of a model: float32, which can be trained, or frozen in the bits it was published in. */
export type Weight = Tensor2D | PackedWeight;

/** A frozen matrix on the GPU; `linear`, `takeRows` and `tokenLogprob` read its blocks. Owns `words`. */
export interface PackedWeight {
  readonly format: PackedFormat;
  readonly shape: [number, number];
  /** int32, in the layout that quantised.ts writes down. */
  readonly words: Tensor1D;
}

export function isPacked(weight: Weight | Variable): weight is PackedWeight {
  return 'words' in weight;
}

/** A weight larger than this GPU can read as one. */
export class WeightSizeError extends Error {
  override name = 'WeightSizeError';
}

/** What a kernel needs to know of a weight beside its tensor. */
export interface WeightAttributes {
  format: PackedFormat | 'f32';
  shape: [number, number];
}

export function weightAttributes(weight: Weight): WeightAttributes {
  return isPacked(weight) ? weight : { format: 'f32', shape: weight.shape };
}

/** The tensor that a kernel is given: the matrix itself, or its packed words. */
export function weightTensor(weight: Weight): Tensor2D {
  return isPacked(weight) ? (weight.words as unknown as Tensor2D) : weight;
}

/** The weight of a kernel's tensor and attributes. */
export function weightOf(tensor: Tensor2D, { format, shape }: WeightAttributes): Weight {
  return format === 'f32' ? tensor : { format, shape, words: tensor as unknown as Tensor1D };
}

/** True where frozen weights can stay packed: the kernels that read them are WGSL. */
export function keepsPackedWeights(): boolean {
  return tf.getBackend() === 'webgpu';
}

/**
 * A float32 weight, trainable.
 * @throws WeightSizeError when it is larger than a shader can address
 */
export function floatWeight(data: Float32Array, shape: number[]): Variable {
  checkBindable(data.byteLength, `A ${shape.join(' × ')} matrix in float32`);
  return tf.tidy(() => tf.variable(tf.tensor(data, shape)));
}

/**
 * Puts published bytes on the GPU at once, so that they need not stay in memory here.
 * @param raw the tensor's bytes as in the file
 * @throws PackedWeightError when they are not a sound matrix of this shape and format
 * @throws WeightSizeError when it is larger than a shader can address
 */
export function packedWeight(raw: Uint8Array, format: PackedFormat, shape: [number, number]): PackedWeight {
  checkBindable(packedBytes(format, shape[0] * shape[1]), `A ${shape.join(' × ')} matrix in ${format}`);
  const words = tf.tensor1d(packBlocks(raw, format, shape), 'int32');
  (tf.backend() as unknown as WebGPUBackend).uploadToGPU(words.dataId);
  return { format, shape, words };
}

/** A shader sees one buffer per weight, and the device says how large that may be. */
function checkBindable(bytes: number, what: string): void {
  if (tf.getBackend() !== 'webgpu') return;
  const limit = (tf.backend() as unknown as WebGPUBackend).device.limits.maxStorageBufferBindingSize;
  if (bytes <= limit) return;
  const megabytes = (n: number) => `${Math.ceil(n / 1e6)} MB`;
  throw new WeightSizeError(
    `${what} takes ${megabytes(bytes)}, and this GPU reads at most ${megabytes(limit)} as one weight. ` +
      'Choose a file with smaller weights (such as Q8_0 or Q4_K_M), or the CPU engine.',
  );
}

/** The planes' beginnings, as the uniforms that the WGSL of `weightReaders` reads. */
export function planeUniforms(name: string, { format, shape }: WeightAttributes): Record<string, number> {
  if (format === 'f32') return {};
  const { high, scale, super: superAt } = packedLayout(format, shape[0] * shape[1]);
  return { [`${name}_high`]: high, [`${name}_scale`]: scale, [`${name}_super`]: superAt };
}
