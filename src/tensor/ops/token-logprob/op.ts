import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { hasFused, runKernel } from '../../kernel.ts';
import { composedTokenLogprob } from './composed.ts';

/**
 * log p(target) under softmax(h · Wᵀ), without keeping a [tokens × vocabulary] tensor.
 * @param hidden [n, width] final hidden states, one per predicted token
 * @param head [vocabulary, width]
 * @param targets int32 [n]
 * @returns [n]
 */
export function tokenLogprob(hidden: Tensor2D, head: Tensor2D, targets: Tensor1D): Tensor1D {
  return hasFused('TokenLogprob')
    ? (runKernel('TokenLogprob', { hidden, head, targets }) as Tensor1D)
    : composedTokenLogprob(hidden, head, targets);
}
