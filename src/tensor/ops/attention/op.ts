import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { hasFused, runKernel } from '../../kernel.ts';
import { composedAttention } from './composed.ts';
import { type HeadLayout, checkHeadLayout } from './head-layout.ts';

/**
 * Spans of a sliding layer: what is left of `spans` when token i sees only positions above i − window. The shared
 * tokens [start, end) stand directly before `own` in position, wherever they stand in the batch.
 * @param spans int32 [n, 3], see `attention`
 */
export function slidingSpans(spans: Tensor2D, window: number): Tensor2D {
  return tf.tidy(() => {
    // In float32, exact for row numbers; int32 less a plain number would be float32 in any case.
    const [start, end, own] = tf.split(tf.cast<Tensor2D>(spans, 'float32'), 3, 1) as [
      Tensor2D,
      Tensor2D,
      Tensor2D,
    ];
    const oldest = tf.sub(tf.reshape(tf.range(0, spans.shape[0]), [-1, 1]), window - 1);
    const shared = tf.add(tf.sub(end, own), oldest); // the same position, counted in the shared tokens' rows
    const seen: Tensor2D[] = [tf.minimum(tf.maximum(start, shared), end), end, tf.maximum(own, oldest)];
    return tf.cast<Tensor2D>(tf.concat2d(seen, 1), 'int32');
  });
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
 * @throws HeadLayoutError when a head's size is not a multiple of 16, or the heads do not divide
 */
export function attention(qkv: Tensor2D, spans: Tensor2D, layout: HeadLayout): Tensor2D {
  if (!hasFused('Attention')) return composedAttention(qkv, spans, layout);
  checkHeadLayout(layout);
  return tf.tidy(() => {
    const [out] = runKernel('Attention', { qkv, spans }, layout) as unknown as Tensor[];
    return out as Tensor2D;
  });
}
