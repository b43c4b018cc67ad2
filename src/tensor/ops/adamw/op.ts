import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { hasFused, runKernel } from '../../kernel.ts';
import { currentHeap } from '../../wasm/current.ts';
import { composedAdamw, composedSumOfSquares } from './composed.ts';
import type { AdamWStep, AdamWUpdate } from './update.ts';

/** torch.nn.utils.clip_grad_norm_ adds this to the norm. */
export const NORM_EPSILON = 1e-6;

/**
 * One step of AdamW (Loshchilov & Hutter 2019; torch.optim.AdamW's order of operations), in place, after the gradients were
 * clipped by their global norm. Where the norm is not finite, nothing changes.
 * @returns the norm before clipping
 */
export async function adamw(updates: AdamWUpdate[], options: AdamWStep): Promise<number> {
  if (hasFused('AdamW')) return deviceAdamw(updates, options);
  const gradients = updates.map(({ gradient }) => gradient);
  const onHeap = tf.getBackend() === 'wasm' && hasFused('Linear');
  const norm = Math.sqrt(onHeap ? heapSumOfSquares(gradients) : await composedSumOfSquares(gradients));
  if (!Number.isFinite(norm)) return norm;
  const clip = Math.min(1, options.maxGradNorm / (norm + NORM_EPSILON));
  for (const update of updates) (onHeap ? heapAdamw : composedAdamw)(update, options, clip);
  return norm;
}

/** Numbers into which one gradient's squares are summed at first. */
export const PARTIAL_SUMS = 64;

/** The norm stays on the device; it is read when all is under way, so that the device does not wait for the reading. */
async function deviceAdamw(updates: AdamWUpdate[], options: AdamWStep): Promise<number> {
  const partial = tf.zeros([updates.length * PARTIAL_SUMS]);
  updates.forEach(({ gradient }, i) => {
    runKernel('SumOfSquares', { gradient, partial }, { offset: i * PARTIAL_SUMS }).dispose();
  });
  const norm = runKernel('Norm', { partial });
  for (const { weightDecay, ...tensors } of updates) {
    runKernel('AdamW', { ...tensors, norm }, { ...options, weightDecay }).dispose();
  }
  const [value] = await norm.data();
  tf.dispose([partial, norm]);
  return value as number;
}

function heapSumOfSquares(tensors: Tensor[]): number {
  const heap = currentHeap();
  return tensors.reduce((sum, x) => sum + heap.kernels.sum_of_squares(heap.address(x), x.size), 0);
}

function heapAdamw(update: AdamWUpdate, options: AdamWStep, clip: number): void {
  const { weight, gradient, m, v, weightDecay } = update;
  const { learningRate, beta1, beta2, epsilon, step } = options;
  const heap = currentHeap();
  heap.kernels.adamw(
    heap.address(weight),
    heap.address(gradient),
    heap.address(m),
    heap.address(v),
    weight.size,
    clip,
    learningRate,
    beta1,
    beta2,
    epsilon,
    weightDecay,
    1 - beta1 ** step,
    1 - beta2 ** step,
  );
}
