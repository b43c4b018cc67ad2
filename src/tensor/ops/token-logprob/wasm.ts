import type { TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { currentHeap } from '../../wasm/current.ts';
import { packedFloats } from '../../wasm/packed.ts';
import { STRIPE_COLUMNS, STRIPE_ROWS } from './chunks.ts';
import { registerTokenLogprobGradient, type LogprobAttributes } from './gradient.ts';

type Inputs = Record<'hidden' | 'head' | 'targets' | 'lse' | 'dy', TensorInfo>;

/** A chunk of logits, and where it belongs. Addresses are bytes of the heap. */
interface Chunk {
  /** First row and number of rows. */
  start: number;
  rows: number;
  /** First token of the vocabulary and number of them. */
  offset: number;
  columns: number;
  /** Whether its rows have then seen the whole vocabulary. */
  isLast: boolean;
  logits: number;
  /** These tokens' part of the head. */
  head: number;
  /** The caller's own scratch, the same for all chunks. */
  extra: number;
}

/** The logits in chunks, row stripe by row stripe, all in one scratch with `extraFloats` for the caller behind them. */
function* logitChunks(inputs: Inputs, extraFloats: number): Generator<Chunk> {
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
      yield { start, rows, offset, columns, isLast: offset + columns === vocabulary, logits, head, extra };
    }
  }
}

/** Addresses of what a stripe of rows gathers over the vocabulary, a float per row each but `derivative`. */
interface Gathered {
  targets: number;
  /** Largest logit so far, in the end log Σ exp. */
  max: number;
  /** The largest before this chunk, and Σ exp(logit − largest). Scratch. */
  maxBefore: number;
  sums: number;
  logprob: number;
  entropy: number;
  meanLogit: number;
  isTop: number;
  /** [rows, width]: d logprob / d hidden, where a gradient will be asked for. */
  derivative: number | null;
}

export function registerTokenLogprob(): void {
  registerFused<LogprobAttributes>('TokenLogprob', 'wasm', ({ inputs, attributes }) => {
    const heap = currentHeap();
    const { hidden, head, targets } = inputs as Inputs;
    const [tokens, width] = hidden.shape as [number, number];
    const [vocabulary] = head.shape as [number, number];
    const most = Math.min(STRIPE_ROWS, tokens);
    const logprobs = heap.allocate([tokens]);
    const lse = heap.allocate([tokens]);
    heap.floats(heap.address(lse), tokens).fill(-3e38);
    // Two multiplications and additions beside each exp: not worth leaving out where nobody asks.
    const statistics = heap.allocateZeros([3, tokens]);
    const derivative = attributes.derivative ? heap.allocateZeros([tokens, width]) : null;
    const forDerivative = derivative ? packedFloats(Math.min(STRIPE_COLUMNS, vocabulary), width) : 0;

    for (const chunk of logitChunks(inputs as Inputs, 2 * most + forDerivative)) {
      const at = chunk.start * 4;
      const statistic = (index: number) => heap.address(statistics) + index * tokens * 4 + at;
      const gathered: Gathered = {
        targets: heap.address(targets) + at,
        max: heap.address(lse) + at,
        maxBefore: chunk.extra + most * 4,
        sums: chunk.extra,
        logprob: heap.address(logprobs) + at,
        entropy: statistic(0),
        meanLogit: statistic(1),
        isTop: statistic(2),
        derivative: derivative && heap.address(derivative) + at * width,
      };
      addChunk(chunk, gathered);
      if (gathered.derivative !== null) {
        addDerivative(chunk, gathered, gathered.derivative, width, chunk.extra + 2 * most * 4);
      }
      if (chunk.isLast) finishRows(chunk.rows, gathered, heap.address(head), vocabulary, width);
    }
    return [logprobs, lse, statistics, ...(derivative ? [derivative] : [])];
  });

  // dW = d logitsᵀ · hidden, a few rows of it per chunk
  registerFused('TokenLogprobWeightGradient', 'wasm', ({ inputs }) => {
    const heap = currentHeap();
    const { hidden, head } = inputs as Inputs;
    const [tokens, width] = hidden.shape as [number, number];
    const dhead = heap.allocateZeros(head.shape);
    const packedHidden = packedFloats(Math.min(STRIPE_ROWS, tokens), width);
    for (const chunk of logitChunks(inputs as Inputs, packedHidden)) {
      toLogitGradient(inputs as Inputs, chunk);
      const { start, rows, offset, columns, logits, extra: packed } = chunk;
      heap.kernels.pack(heap.address(hidden) + start * width * 4, width, 1, packed, rows, width);
      const out = heap.address(dhead) + offset * width * 4;
      heap.kernels.gemm(logits, 1, columns, packed, out, width, columns, width, rows, 1, 1);
    }
    return dhead;
  });

  registerTokenLogprobGradient();
}

/** Takes a chunk into its rows' largest logit, Σ exp and statistics, all relative to the largest so far. */
function addChunk({ rows, columns, offset, logits }: Chunk, gathered: Gathered): void {
  const heap = currentHeap();
  const { targets, max, maxBefore, sums, logprob, entropy, meanLogit } = gathered;
  if (offset === 0) heap.floats(sums, rows).fill(0);
  heap.floats(maxBefore, rows).set(heap.floats(max, rows));
  heap.kernels.logprob_chunk(logits, targets, max, sums, logprob, entropy, meanLogit, rows, columns, offset);
}

/**
 * derivative += Σ exp(logit − largest) · W[token]: the softmax's part of d logprob / d hidden, not yet divided by Σ exp.
 * Leaves the exponentials where the logits were.
 */
function addDerivative(
  chunk: Chunk,
  gathered: Gathered,
  derivative: number,
  width: number,
  packed: number,
): void {
  const { kernels } = currentHeap();
  const { rows, columns, logits, head } = chunk;
  kernels.logprob_weights(logits, gathered.maxBefore, gathered.max, derivative, rows, columns, width);
  kernels.pack(head, width, 1, packed, columns, width);
  kernels.gemm(logits, columns, 1, packed, derivative, width, rows, width, columns, 1, 1);
}

/** From sums relative to the largest logit to log-probability, log Σ exp, entropy and W[target] − E[W]. */
function finishRows(rows: number, gathered: Gathered, head: number, vocabulary: number, width: number): void {
  const { kernels } = currentHeap();
  const { targets, max, sums, logprob, entropy, meanLogit, isTop, derivative } = gathered;
  kernels.logprob_finish(max, sums, logprob, entropy, meanLogit, isTop, rows, vocabulary);
  if (derivative !== null) kernels.logprob_derivative(derivative, head, targets, sums, rows, width);
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
