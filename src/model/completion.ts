import type { GeneratedRow } from './generate-options.ts';

/** One finished row. `task` is the index into the request's tasks. */
export interface Completion {
  task: number;
  sample: number;
  /** Sampled ids, with `<eos>` when `finished`. */
  ids: Int32Array;
  /** log p of each id under the untempered, untruncated distribution. */
  logprobs: Float32Array;
  finished: boolean;
}

/** A copy of a row that was generated, to be sent away. */
export function completionOf({ task, sample, ids, logprobs, finished }: GeneratedRow): Completion {
  return { task, sample, ids: Int32Array.from(ids), logprobs: Float32Array.from(logprobs), finished };
}
