import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { hasFused, runKernel } from '../../kernel.ts';
import { isPacked, weightAttributes, weightTensor, type Weight } from '../../weight.ts';
import { composedTokenLogprob } from './composed.ts';

/**
 * log p(target) under softmax(h · Wᵀ). No [tokens × vocabulary] tensor exists, forward or backward: the logits come and
 * go in chunks of at most 32 MB (WASM) or 8 MB (GPU).
 * @param hidden [n, width] final hidden states, one per predicted token
 * @param head [vocabulary, width]
 * @param targets int32 [n]
 * @returns [n]
 */
export function tokenLogprob(hidden: Tensor2D, head: Weight, targets: Tensor1D): Tensor1D {
  if (!isPacked(head) && !hasFused('TokenLogprob')) return composedTokenLogprob(hidden, head, targets);
  return tf.tidy(() => {
    const inputs = { hidden, head: weightTensor(head), targets };
    const [out] = runKernel('TokenLogprob', inputs, weightAttributes(head)) as unknown as Tensor[];
    return out as Tensor1D;
  });
}
