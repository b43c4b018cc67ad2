import type { TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { currentHeap } from '../../wasm/current.ts';
import type { SampleAttributes } from './op.ts';

export function registerSampleTokens(): void {
  registerFused<SampleAttributes>('SampleTokens', 'wasm', ({ inputs, attributes }) => {
    const { logits, places, newest } = inputs as Record<'logits' | 'places' | 'newest', TensorInfo>;
    const { temperature, topP, topK, seed, round } = attributes;
    const heap = currentHeap();
    const count = places.shape[0] as number;
    const vocabulary = logits.shape[1] as number;
    const out = heap.allocate([count, 2]);
    const weights = heap.scratch(vocabulary);
    heap.kernels.sample_tokens(
      heap.address(logits),
      heap.address(places),
      heap.address(newest),
      heap.address(out),
      weights,
      count,
      vocabulary,
      temperature,
      topP,
      topK,
      seed | 0,
      Math.floor(seed / 2 ** 32) | 0,
      round | 0,
    );
    return out;
  });

  registerFused('NewestTokens', 'wasm', ({ inputs }) => {
    const { given, newest } = inputs as Record<'given' | 'newest', TensorInfo>;
    const heap = currentHeap();
    const rows = given.shape[0] as number;
    const ids = heap.allocate([rows], 'int32');
    const known = heap.integers(heap.address(given), 2 * rows);
    const drawn = heap.integers(heap.address(newest), newest.shape[0] as number);
    const out = heap.integers(heap.address(ids), rows);
    for (let i = 0; i < rows; i++) {
      const id = known[2 * i] as number;
      out[i] = id < 0 ? (drawn[known[2 * i + 1] as number] as number) : id;
    }
    return ids;
  });
}
