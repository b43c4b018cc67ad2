import type { EngineLoss } from '../src/harness/engine-loss.ts';
import { HeapFullError } from '../src/tensor/wasm/heap-full.ts';
import type { DeviceFailure } from '../src/tensor/device-failure.ts';

/** What browsers say when a graphics device, or the process behind it, is gone while a buffer is read. */
const DEVICE_GONE = /external Instance|device (is|was) (lost|destroyed)|mapAsync/i;
/** A buffer that is mapped when it is made throws where others only report. */
const NO_GPU_BUFFER = /createBuffer|GPUBuffer/;
const NO_MEMORY = /memory|allocation failed|invalid (typed )?array (buffer )?length/i;

export const LOSS_BY_DEVICE: Record<DeviceFailure, EngineLoss> = {
  lost: 'device-lost',
  memory: 'gpu-memory',
  // What a kernel should have written is not there: the worker's numbers are wrong from here on.
  invalid: 'worker-crashed',
};

/** What an error in a worker takes away; null: only the call that it ends. */
export function lossOf(error: unknown): EngineLoss | null {
  if (error instanceof HeapFullError) return 'wasm-memory';
  if (error instanceof DOMException) return DEVICE_GONE.test(error.message) ? 'device-lost' : null;
  if (error instanceof RangeError && NO_GPU_BUFFER.test(error.message)) return 'gpu-memory';
  if (error instanceof RangeError && NO_MEMORY.test(error.message)) return 'wasm-memory';
  // A kernel that ran out of its heap has left it in an unknown state.
  if (error instanceof WebAssembly.RuntimeError)
    return NO_MEMORY.test(error.message) ? 'wasm-memory' : 'worker-crashed';
  return null;
}
