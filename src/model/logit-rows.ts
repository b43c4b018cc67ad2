import type { ModelConfig } from './config.ts';

const MAX_BYTES = 64_000_000;

/** Rows of logits [rows, vocabulary] that may exist at one time: 64 MB of them, 61 with Gemma's 262,144 tokens. */
export function logitRows({ vocabularySize }: ModelConfig): number {
  return Math.max(1, Math.floor(MAX_BYTES / (4 * vocabularySize)));
}
