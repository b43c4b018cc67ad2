import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { hasFused, runKernel } from '../../kernel.ts';
import { isPacked, weightAttributes, weightTensor, type Weight } from '../../weight.ts';
import { composedTokenLogprob, composedTokenStatistics } from './composed.ts';

/**
 * log p(target) under softmax(h · Wᵀ). No [tokens × vocabulary] tensor exists, forward or backward: the logits come and
 * go in chunks of at most 32 MB (WASM) or 8 MB (GPU).
 * @param hidden [n, width] final hidden states, one per predicted token
 * @param head [vocabulary, width]
 * @param targets int32 [n]
 * @returns [n]
 */
export function tokenLogprob(hidden: Tensor2D, head: Weight, targets: Tensor1D): Tensor1D {
  if (!isPacked(head) && !isFused(head)) return composedTokenLogprob(hidden, head, targets);
  return tf.tidy(() => fused(hidden, head, targets)[0]);
}

export interface TokenStatistics {
  /** [n], differentiable */
  logprobs: Tensor1D;
  /** [3, n]: entropy in nats, mean logit, 1 where the target is the likeliest token. No gradient. */
  statistics: Tensor2D;
}

/** `tokenLogprob`, and what the same pass over the vocabulary tells of the distribution. */
export function tokenStatistics(hidden: Tensor2D, head: Weight, targets: Tensor1D): TokenStatistics {
  if (!isPacked(head) && !isFused(head)) {
    const logprobs = composedTokenLogprob(hidden, head, targets);
    return { logprobs, statistics: composedTokenStatistics(hidden, head, targets) };
  }
  return tf.tidy(() => {
    const [logprobs, , statistics] = fused(hidden, head, targets);
    return { logprobs, statistics };
  });
}

/** The WGSL kernels read and write four logits at a time; no model that is loaded has a vocabulary that does not divide. */
function isFused({ shape }: Tensor2D): boolean {
  return hasFused('TokenLogprob') && (tf.getBackend() !== 'webgpu' || shape.every((size) => size % 4 === 0));
}

function fused(hidden: Tensor2D, head: Weight, targets: Tensor1D) {
  const inputs = { hidden, head: weightTensor(head), targets };
  const attributes = {
    ...weightAttributes(head),
    derivative: tf.getBackend() === 'wasm' && isDifferentiated(),
  };
  return runKernel('TokenLogprob', inputs, attributes) as unknown as [Tensor1D, Tensor1D, Tensor2D];
}

/** Whether a gradient will be asked for. */
const isDifferentiated = () => tf.engine().state.gradientDepth > 0;
