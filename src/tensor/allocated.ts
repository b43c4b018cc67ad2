import * as tf from '@tensorflow/tfjs-core';
import { currentHeap } from './wasm/current.ts';

/**
 * Bytes that the backend has taken from the system: on WASM the heap, which never shrinks and so remembers its peak; on
 * WebGPU all buffers, those that wait in the pool included.
 */
export function allocatedBytes(): number {
  if (tf.getBackend() === 'wasm') return currentHeap().bytes;
  return (tf.memory() as unknown as { numBytesAllocatedInGPU: number }).numBytesAllocatedInGPU;
}
