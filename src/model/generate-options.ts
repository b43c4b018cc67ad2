import type { Sampling } from './sampling.ts';

export interface GeneratedRow {
  task: number;
  sample: number;
  ids: number[];
  logprobs: number[];
  finished: boolean;
}

export interface GenerateOptions {
  sampling: Sampling;
  /** Rows decoded at once, fewer where a large vocabulary makes their logits too big. */
  rows: number;
  /** Row and token counts are rounded up to multiples of this: WebGPU's buffer pool wants few shapes, WASM does not care. */
  multiple: number;
  /** Prompt tokens computed in one forward pass. */
  forwardTokens: number;
  onRow: (row: GeneratedRow) => void;
  onToken?: (row: GeneratedRow, id: number) => void;
  /** Awaited after every step: lets messages in (cancel), and may throw to stop. */
  pause: () => Promise<void>;
}
