import * as tf from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import {
  packBlocks,
  packedLayout,
  PackedWeightError,
  type PackedFormat,
  type PackedLayout,
} from './quantised.ts';

/** A matrix [out, in] of a model: float32, which can be trained, or frozen in the bits it was published in. */
export type Weight = Tensor2D | PackedWeight;

/** A frozen matrix on the GPU; `linear`, `takeRows` and `tokenLogprob` read its blocks. Owns `words`. */
export interface PackedWeight {
  readonly format: PackedFormat;
  readonly shape: [number, number];
  /** int32, in the layout that quantised.ts writes down. */
  readonly words: Tensor1D;
}

export function isPacked(weight: Weight): weight is PackedWeight {
  return 'words' in weight;
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
 * Puts published bytes on the GPU at once, so that they need not stay in memory here.
 * @param raw the tensor's bytes as in the file
 * @throws PackedWeightError when they are not a matrix of this shape and format, or larger than a shader can address
 */
export function packedWeight(raw: Uint8Array, format: PackedFormat, shape: [number, number]): PackedWeight {
  const { words: count } = packedLayout(format, shape[0] * shape[1]);
  const backend = tf.backend() as unknown as WebGPUBackend;
  const limit = backend.device.limits.maxStorageBufferBindingSize;
  if (count * 4 > limit) {
    throw new PackedWeightError(
      `A ${shape.join(' × ')} matrix in ${format} takes ${count * 4} bytes; this GPU binds at most ${limit} at once.`,
    );
  }
  const words = tf.tensor1d(packBlocks(raw, format, shape), 'int32');
  backend.uploadToGPU(words.dataId);
  return { format, shape, words };
}

/** The planes' beginnings, as the uniforms that `weightReader`'s WGSL reads. */
export function planeUniforms({ format, shape }: WeightAttributes): Record<string, number> {
  if (format === 'f32') return {};
  const { high, scale, super: superAt }: PackedLayout = packedLayout(format, shape[0] * shape[1]);
  return { high, scale, super_: superAt };
}
