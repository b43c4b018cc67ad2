import type { ModelConfig } from './config.ts';
import type { GenerateTask } from './generate-task.ts';
import { createKvCache } from './kv-cache.ts';
import { logitRows } from './logit-rows.ts';
import type { Model } from './model.ts';
import { createSampler } from './sampler.ts';
import type { GenerateOptions } from './generate-options.ts';
import { Decoder } from './decoder.ts';

/**
 * Samples many completions of many prompts with continuous batching: every prompt is prefilled once and its keys and
 * values are shared by its samples; rows of all prompts decode together, and a finished row makes room for a waiting
 * one at once. A row's tokens depend on its noise alone, not on its neighbours (see gemm.c and philox.ts).
 */
export async function generate(model: Model, tasks: GenerateTask[], options: GenerateOptions): Promise<void> {
  const longest = tasks.reduce((max, { prompt }) => Math.max(max, prompt.length), 1);
  const total = tasks.reduce((sum, { samples }) => sum + samples.length, 0);
  const rows = Math.min(options.rows, total, rowLimit(model.config, options.multiple));
  const { contextLength } = model.config;
  model.rotary.cover(Math.max(longest, Math.min(longest + options.sampling.maxTokens, contextLength)));
  // One slot more than there are rows takes the writes of padding rows.
  const prefixes = createKvCache(model.config, Math.min(rows, tasks.length) + 1, longest);
  const own = createKvCache(model.config, rows + 1, options.sampling.maxTokens);
  const sampler = createSampler(options.sampling, rows + 1);
  const decoder = new Decoder(model, prefixes, own, sampler, options);
  try {
    const waiting = tasks.flatMap(({ samples }, task) => samples.map((sample) => ({ task, sample })));
    while (waiting.length > 0 || decoder.active.length > 0) {
      await decoder.admit(tasks, waiting);
      const begun = decoder.begin();
      await decoder.collect(begun);
      await options.pause();
    }
  } finally {
    await decoder.settle();
    sampler.dispose();
    prefixes.dispose();
    own.dispose();
  }
}

/** Rows are padded to a multiple, so the limit is one. */
function rowLimit(config: ModelConfig, multiple: number): number {
  const rows = logitRows(config);
  return rows < multiple ? 1 : rows - (rows % multiple);
}
