import type { Heap } from './heap.ts';

let heap: Heap | null = null;

/** Set once by `startWasm`; the kernels registered for the 'wasm' backend read it. */
export function setHeap(opened: Heap): void {
  heap = opened;
}

export function currentHeap(): Heap {
  if (!heap) throw new Error('A WASM kernel was called before the WASM backend had started.');
  return heap;
}
