import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

/** What TensorFlow.js 4.22 keeps of its GPU buffers: those that wait are listed by size and usage. */
interface BufferManager {
  readonly freeBuffers: Map<string, GPUBuffer[]>;
  numFreeBuffers: number;
  numBytesUsed: number;
  numBytesAllocated: number;
  acquireBuffer(size: number, usage: number, mapped?: boolean, reuse?: boolean): GPUBuffer;
  releaseBuffer(buffer: GPUBuffer, reuse?: boolean): void;
}

/** Enough for what a training step of the embedded judge frees; larger models may keep as much as they use. */
const LEAST = 256e6;

/**
 * Bounds the pool of freed buffers, which TensorFlow.js only ever adds to: a buffer is reused for its own size alone, and
 * texts of ever other lengths make ever other sizes (177 MB a run of twelve items). What was not asked for the longest
 * goes first.
 */
export function withBoundedPool(backend: WebGPUBackend): WebGPUBackend {
  const manager = (backend as unknown as { bufferManager: BufferManager }).bufferManager;
  const { freeBuffers } = manager;
  const acquire = manager.acquireBuffer.bind(manager);
  const release = manager.releaseBuffer.bind(manager);
  // A Map goes through its keys in the order in which they were set: the size used last stands last.
  const touch = (size: number, usage: number) => {
    const key = `${size}_${usage}`;
    const buffers = freeBuffers.get(key) ?? [];
    freeBuffers.delete(key);
    freeBuffers.set(key, buffers);
  };
  manager.acquireBuffer = (size, usage, ...rest) => {
    touch(size, usage);
    return acquire(size, usage, ...rest);
  };
  manager.releaseBuffer = (buffer, reuse) => {
    touch(buffer.size, buffer.usage);
    release(buffer, reuse);
    destroyOldest(manager, Math.max(LEAST, manager.numBytesUsed));
  };
  return backend;
}

/** Destroying is safe: nothing is free that a command not yet submitted uses, and submitted ones keep what they need. */
function destroyOldest(manager: BufferManager, most: number): void {
  for (const [key, buffers] of manager.freeBuffers) {
    if (manager.numBytesAllocated - manager.numBytesUsed <= most) return;
    manager.freeBuffers.delete(key);
    for (const buffer of buffers) {
      manager.numFreeBuffers--;
      manager.numBytesAllocated -= buffer.size;
      buffer.destroy();
    }
  }
}
