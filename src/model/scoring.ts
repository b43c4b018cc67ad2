import * as tf from '@tensorflow/tfjs-core';
import { takeRows } from '../tensor/ops/take-rows/op.ts';
import { logits } from './forward.ts';
import { logitRows } from './logit-rows.ts';
import { completionLogprobs, packedHidden } from './logprobs.ts';
import type { Model } from './model.ts';
import { disposePacked, packGroups, packedTensors } from './packed-batch.ts';

/**
 * log p of each of several continuations after each prompt; a prompt is computed once for all of them. It reads a
 * verdict off the probabilities of everything that the judge might say, instead of off one sample.
 * @param tokens most tokens in one forward pass
 * @returns [prompts][options]
 */
export async function continuationLogprobs(
  model: Model,
  prompts: Int32Array[],
  options: Int32Array[],
  tokens: number,
): Promise<Float32Array[]> {
  const groups = prompts.map((prompt) => ({ prompt, completions: options }));
  const rows = await completionLogprobs(model, groups, tokens);
  const sums = rows.map((row) => row.reduce((a, b) => a + b, 0));
  return prompts.map((_, i) => Float32Array.from(sums.slice(i * options.length, (i + 1) * options.length)));
}

/** Logits after every token of a text: [tokens · vocabulary], row by row. */
export async function promptLogits(model: Model, ids: Int32Array): Promise<Float32Array> {
  const width = model.config.vocabularySize;
  const rows = logitRows(model.config);
  const batch = packedTensors(packGroups([{ prompt: ids, completions: [] }]));
  const hidden = tf.tidy(() => packedHidden(model, batch));
  const out = new Float32Array(ids.length * width);
  for (let start = 0; start < ids.length; start += rows) {
    const end = Math.min(start + rows, ids.length);
    const part = tf.tidy(() => logits(model, takeRows(hidden, tf.range(start, end, 1, 'int32'))));
    out.set(await part.data(), start * width);
    part.dispose();
  }
  hidden.dispose();
  disposePacked(batch);
  return out;
}
