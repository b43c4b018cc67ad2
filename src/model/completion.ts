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
