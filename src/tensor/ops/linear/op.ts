import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { hasFused, runKernel } from '../../kernel.ts';
import { isPacked, weightAttributes, weightTensor, type Weight } from '../../weight.ts';
import { composedLinear } from './composed.ts';

/**
 * y = x · Wᵀ. A packed W is frozen: y has a gradient with respect to x only.
 * @param x [n, in]
 * @param w [out, in], the layout of torch.nn.Linear and of Hugging Face checkpoints
 * @returns [n, out]
 */
export function linear(x: Tensor2D, w: Weight): Tensor2D {
  if (!isPacked(w) && !isFused(w)) return composedLinear(x, w);
  return runKernel('Linear', { x, w: weightTensor(w) }, weightAttributes(w)) as Tensor2D;
}

/** dx = dy · W, where it is needed by itself: dy [n, out] → [n, in]. */
export function linearInputGradient(dy: Tensor2D, w: Weight): Tensor2D {
  if (!isPacked(w) && !isFused(w)) return tf.matMul(dy, w);
  return runKernel('LinearInputGradient', { dy, w: weightTensor(w) }, weightAttributes(w)) as Tensor2D;
}

/** The WGSL kernels read and write four numbers at a time, which a LoRA factor of another rank does not offer. */
function isFused({ shape }: Tensor2D): boolean {
  return hasFused('Linear') && (tf.getBackend() !== 'webgpu' || shape.every((size) => size % 4 === 0));
}
