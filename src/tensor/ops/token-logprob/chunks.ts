/**
 * How much of [tokens × vocabulary] exists at one time. On WASM it is a stripe of the vocabulary, so that each part of
 * the head is packed once for all tokens; on the GPU it is a few rows, so that softmax sees whole rows.
 */
import type { BackendName } from '../../backend-name.ts';

/** WASM: a multiple of gemm.c's K_BLOCK, so that sums over the vocabulary add up in the same order as in one piece. */
export const STRIPE_COLUMNS = 2048;
/** With 2,048 columns: 32 MB. */
export const STRIPE_ROWS = 4096;

const CHUNK_BYTES = 8 * 1024 * 1024;

/** GPU: 8 MB, in which the gradient takes the place of the logits; a power of two, see tfjs's buffer pool. */
export function rowsPerChunk(vocabulary: number): number {
  return 2 ** Math.max(0, Math.floor(Math.log2(CHUNK_BYTES / (4 * vocabulary))));
}

/** Most bytes that log-probabilities of this many tokens take beside their inputs, forward and backward. */
export function logprobBytes(
  backend: BackendName,
  tokens: number,
  vocabulary: number,
  width: number,
): number {
  if (backend === 'webgpu') return 4 * vocabulary * Math.min(tokens, rowsPerChunk(vocabulary));
  const columns = Math.min(STRIPE_COLUMNS, vocabulary);
  return 4 * columns * (Math.min(STRIPE_ROWS, tokens) + 2 * width);
}
