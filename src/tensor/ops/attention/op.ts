import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { hasFused, runKernel } from '../../kernel.ts';
import { composedAttention } from './composed.ts';

/** How a row of queries, keys and values is divided. */
export interface HeadLayout {
  heads: number;
  /** Fewer than `heads` under grouped-query attention (Ainslie et al. 2023). */
  kvHeads: number;
  headSize: number;
  /** Multiplies q·k; 1/√headSize unless the architecture says otherwise. */
  scale: number;
}

/**
 * Causal attention over a flat batch of packed sequences.
 *
 * Nothing is padded: all tokens of a batch stand in one row of tokens, and `spans` says which of them each may see:
 * token i attends to [start, end) and to [own, i]. A plain sequence has an empty [start, end); the two completions
 * of a preference pair share their prompt as [start, end), so that the prompt is computed once.
 * @param qkv [n, (heads + 2·kvHeads)·headSize]
 * @param spans int32 [n, 3]: start, end, own
 * @returns [n, heads·headSize]
 */
export function attention(qkv: Tensor2D, spans: Tensor2D, layout: HeadLayout): Tensor2D {
  if (!hasFused('Attention')) return composedAttention(qkv, spans, layout);
  return tf.tidy(() => {
    const [out] = runKernel('Attention', { qkv, spans }, layout) as unknown as Tensor[];
    return out as Tensor2D;
  });
}
