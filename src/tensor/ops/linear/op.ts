import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { hasFused, runKernel } from '../../kernel.ts';
import { isPacked, weightAttributes, weightTensor, type Weight } from '../../weight.ts';
import {
  inputWidth,
  kernelName,
  MOST_WEIGHTS,
  weightNames,
  type LinearAttributes,
  type WeightGradientAttributes,
} from './attributes.ts';
import { composedLinear } from './composed.ts';
import type { LinearOptions } from './options.ts';

/**
 * y = addend + scale · x · Wᵀ, one kernel where W is several matrices beside each other: their columns stand beside
 * each other in y. A packed W is frozen: y has no gradient with respect to it. Decoding, a layer takes 10 dispatches on a
 * GPU, 18 with LoRA; with a product for each matrix it took 19 and 47.
 * @param x [n, in]
 * @param w [out, in], the layout of torch.nn.Linear and of Hugging Face checkpoints; up to three
 * @returns [n, all out]
 * @throws Error when the matrices do not fit each other
 */
export function linear(x: Tensor2D, w: Weight | Weight[], options: LinearOptions = {}): Tensor2D {
  const weights = Array.isArray(w) ? w : [w];
  const attributes = attributesOf(weights, options);
  checkFit(x, attributes, options);
  if (!isFused(weights)) return composedLinear(x, weights as Tensor2D[], options);
  const { addend } = options;
  const names = weightNames(weights.length);
  const matrices = Object.fromEntries(weights.map((weight, i) => [names[i] as string, weightTensor(weight)]));
  const inputs = { x, ...matrices, ...(addend && { addend }) };
  return runKernel(kernelName(weights.length), inputs, attributes) as Tensor2D;
}

/** The kernels trust these numbers: a column too many would be written behind the tensor's end. */
function checkFit(x: Tensor2D, attributes: LinearAttributes, { addend, blocks }: LinearOptions): void {
  const { weights, begins, width } = attributes;
  const shapes = weights.map(({ shape }) => shape.join(' × ')).join(', ');
  const depths = new Set(weights.map(({ shape }) => shape[1]));
  if (weights.length > MOST_WEIGHTS || depths.size !== 1 || inputWidth(attributes) !== x.shape[1])
    throw new Error(`Weights of ${shapes} do not fit an input of ${x.shape[1]} columns.`);
  const fits = begins.every((begin, i) => begin + weights[i]!.shape[0] <= (begins[i + 1] ?? width));
  if (!fits || begins.length !== weights.length || (blocks && !addend))
    throw new Error(`Weights of ${shapes} at ${begins.join(', ')} do not fit an output of ${width} columns.`);
  if (addend && (addend.shape[0] !== x.shape[0] || addend.shape[1] !== width))
    throw new Error(`${addend.shape.join(' × ')} cannot be added to ${x.shape[0]} × ${width}.`);
}

/** dx = dy · W, where it is needed by itself: dy [n, out] → [n, in]. */
export function linearInputGradient(dy: Tensor2D, w: Weight): Tensor2D {
  if (!isFused([w])) return tf.matMul(dy, w as Tensor2D);
  return runKernel('LinearInputGradient', { dy, w0: weightTensor(w) }, attributesOf([w], {})) as Tensor2D;
}

/** dW = dyᵀ · x, where it is needed by itself and the backend has the kernel: dy [n, out], x [n, in] → [out, in]. */
export function linearWeightGradient(dy: Tensor2D, x: Tensor2D): Tensor2D {
  const attributes: WeightGradientAttributes = { shape: [dy.shape[1], x.shape[1]], x: 0, y: 0, scale: 1 };
  return runKernel('LinearWeightGradient', { dy, x }, attributes) as Tensor2D;
}

function attributesOf(weights: Weight[], { addend, scale = 1, blocks }: LinearOptions): LinearAttributes {
  const ends = weights.reduce<number[]>((sums, { shape }) => [...sums, (sums.at(-1) ?? 0) + shape[0]], []);
  return {
    weights: weights.map(weightAttributes),
    begins: blocks ?? [0, ...ends.slice(0, -1)],
    width: blocks && addend ? addend.shape[1] : (ends.at(-1) as number),
    blocks: blocks !== undefined,
    scale,
  };
}

/**
 * The WGSL kernels read and write four numbers at a time, which a LoRA factor of another rank does not offer. Packed weights
 * always do, and have no other way.
 */
function isFused(weights: Weight[]): boolean {
  if (weights.some(isPacked)) return true;
  const divides = ({ shape }: Weight) => shape.every((size) => size % 4 === 0);
  return hasFused('Linear') && (tf.getBackend() !== 'webgpu' || weights.every(divides));
}
