import type { TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { currentHeap } from '../../wasm/current.ts';
import { packedFloats } from '../../wasm/packed.ts';
import { STRIPE_COLUMNS, STRIPE_ROWS } from './chunks.ts';
import { registerTokenLogprobGradient, type LogprobAttributes } from './gradient.ts';

type Inputs = Record<'hidden' | 'head' | 'targets' | 'lse' | 'dy', TensorInfo>;

/** A chunk of logits, and where it belongs. */
interface Chunk {
  /** First row and number of rows. */
  start: number;
  rows: number;
  /** First token of the vocabulary and number of them. */
  offset: number;
  columns: number;
  logits: number;
  /** Address of these tokens' part of the head. */
  head: number;
}

/**
 * Calls `use` with the logits of each chunk in turn; scratch beyond them is `extraFloats` long.
 * @param finish called when a row has seen the whole vocabulary
 */
function eachChunk(
  inputs: Inputs,
  extraFloats: number,
  use: (chunk: Chunk, extra: number) => void,
  finish: (start: number, rows: number) => void = () => undefined,
): void {
  const heap = currentHeap();
  const [tokens, width] = inputs.hidden.shape as [number, number];
  const [vocabulary] = inputs.head.shape as [number, number];
  const most = Math.min(STRIPE_COLUMNS, vocabulary);
  const packed = heap.scratch(packedFloats(width, most) + Math.min(STRIPE_ROWS, tokens) * most + extraFloats);
  const logits = packed + packedFloats(width, most) * 4;
  const extra = logits + Math.min(STRIPE_ROWS, tokens) * most * 4;
  for (let start = 0; start < tokens; start += STRIPE_ROWS) {
    const rows = Math.min(STRIPE_ROWS, tokens - start);
    const hidden = heap.address(inputs.hidden) + start * width * 4;
    for (let offset = 0; offset < vocabulary; offset += STRIPE_COLUMNS) {
      const columns = Math.min(STRIPE_COLUMNS, vocabulary - offset);
      const head = heap.address(inputs.head) + offset * width * 4;
      heap.kernels.pack(head, 1, width, packed, width, columns);
      heap.kernels.gemm(hidden, width, 1, packed, logits, columns, rows, columns, width, 0, 1);
      use({ start, rows, offset, columns, logits, head }, extra);
    }
    finish(start, rows);
  }
}

export function registerTokenLogprob(): void {
  registerFused<LogprobAttributes>('TokenLogprob', 'wasm', ({ inputs, attributes }) => {
    const heap = currentHeap();
    const { hidden, head, targets } = inputs as Inputs;
    const [tokens, width] = hidden.shape as [number, number];
    const vocabulary = head.shape[0] as number;
    const most = Math.min(STRIPE_ROWS, tokens);
    const out = heap.allocate([tokens]);
    const lse = heap.allocate([tokens]);
    heap.floats(heap.address(lse), tokens).fill(-3e38);
    // Two multiplications and additions beside each exp: not worth leaving out where nobody asks.
    const statistics = heap.allocateZeros([3, tokens]);
    const row = (index: number) => heap.address(statistics) + index * tokens * 4;
    const derivative = attributes.derivative ? heap.allocateZeros([tokens, width]) : null;
    const forDerivative = derivative ? most + packedFloats(Math.min(STRIPE_COLUMNS, vocabulary), width) : 0;
    let sums = 0;
    eachChunk(
      inputs as Inputs,
      most + forDerivative,
      (chunk, extra) => {
        const { start, rows, offset, columns, logits } = chunk;
        const at = start * 4;
        const max = heap.address(lse) + at;
        sums = extra;
        const maxBefore = sums + most * 4;
        if (offset === 0) heap.floats(sums, rows).fill(0);
        if (derivative) heap.floats(maxBefore, rows).set(heap.floats(max, rows));
        heap.kernels.logprob_chunk(
          logits,
          heap.address(targets) + at,
          max,
          sums,
          heap.address(out) + at,
          row(0) + at,
          row(1) + at,
          rows,
          columns,
          offset,
        );
        if (!derivative) return;
        const packed = maxBefore + most * 4;
        const gathered = heap.address(derivative) + start * width * 4;
        heap.kernels.logprob_weights(logits, maxBefore, max, gathered, rows, columns, width);
        heap.kernels.pack(chunk.head, width, 1, packed, columns, width);
        heap.kernels.gemm(logits, columns, 1, packed, gathered, width, rows, width, columns, 1, 1);
      },
      (start, rows) => {
        const at = start * 4;
        const goals = heap.address(targets) + at;
        heap.kernels.logprob_finish(
          heap.address(lse) + at,
          sums,
          heap.address(out) + at,
          row(0) + at,
          row(1) + at,
          row(2) + at,
          rows,
          vocabulary,
        );
        if (!derivative) return;
        const gathered = heap.address(derivative) + start * width * 4;
        heap.kernels.logprob_derivative(gathered, heap.address(head), goals, sums, rows, width);
      },
    );
    return [out, lse, statistics, ...(derivative ? [derivative] : [])];
  });

  // dW = d logitsᵀ · hidden, a few rows of it per chunk
  registerFused('TokenLogprobWeightGradient', 'wasm', ({ inputs }) => {
    const heap = currentHeap();
    const { hidden, head } = inputs as Inputs;
    const [tokens, width] = hidden.shape as [number, number];
    const dhead = heap.allocateZeros(head.shape);
    eachChunk(inputs as Inputs, packedFloats(Math.min(STRIPE_ROWS, tokens), width), (chunk, packed) => {
      toLogitGradient(inputs as Inputs, chunk);
      const { start, rows, offset, columns, logits } = chunk;
      heap.kernels.pack(heap.address(hidden) + start * width * 4, width, 1, packed, rows, width);
      const out = heap.address(dhead) + offset * width * 4;
      heap.kernels.gemm(logits, 1, columns, packed, out, width, columns, width, rows, 1, 1);
    });
    return dhead;
  });

  registerTokenLogprobGradient();
}

function toLogitGradient({ targets, lse, dy }: Inputs, chunk: Chunk): void {
  const heap = currentHeap();
  const { start, rows, offset, columns, logits } = chunk;
  heap.kernels.logprob_gradient_chunk(
    logits,
    heap.address(targets) + start * 4,
    heap.address(lse) + start * 4,
    heap.address(dy) + start * 4,
    rows,
    columns,
    offset,
  );
}
