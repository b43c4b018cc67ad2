/** What can be made to happen inside an engine worker. */
export type WorkerFault =
  /** An error that nobody catches. */
  | 'throws'
  /** `self.close()`: it ends and no event says so. */
  | 'closes'
  /** An endless loop. */
  | 'hangs'
  /** `GPUDevice.destroy()`, which the page sees as a lost device. */
  | 'loses-device'
  /** The next buffers of the GPU are refused as real drivers do: an out-of-memory error, and a buffer that is none. */
  | 'gpu-memory'
  /** The next allocations in the WASM heap find no room. */
  | 'wasm-memory';

export const FAULT_CHANNEL = 'judge-playground.faults';

/** To every engine worker of the origin: do this now. */
export interface FaultCommand {
  fault: WorkerFault;
}

/**
 * The source of what stands before the engine worker's own script. `onStart`: what befalls this worker as soon as it
 * runs; null: nothing before it is told.
 */
export function workerPrologue(onStart: WorkerFault | null): string {
  return `(${prologue.toString()})(${JSON.stringify(FAULT_CHANNEL)}, ${JSON.stringify(onStart)});\n`;
}

/** Runs inside the worker, by its source: it must not refer to anything outside itself. */
function prologue(channel: string, onStart: WorkerFault | null): void {
  const devices: GPUDevice[] = [];
  let noGpuMemory = false;
  let noWasmMemory = false;

  type Method = (this: object, ...args: unknown[]) => unknown;
  const wrap = (owner: object, name: string, wrapped: (original: Method) => Method) =>
    Reflect.set(owner, name, wrapped(Reflect.get(owner, name) as Method));

  if ('GPUAdapter' in globalThis) {
    wrap(
      GPUAdapter.prototype,
      'requestDevice',
      (original) =>
        async function (...args) {
          const device = (await original.apply(this, args)) as GPUDevice;
          devices.push(device);
          return device;
        },
    );
    wrap(
      GPUDevice.prototype,
      'createBuffer',
      (original) =>
        function (...args) {
          const buffer = original.apply(this, args) as GPUBuffer;
          if (!noGpuMemory) return buffer;
          const error = new GPUOutOfMemoryError('Injected: no room for this buffer.');
          (this as GPUDevice).dispatchEvent(new GPUUncapturedErrorEvent('uncapturederror', { error }));
          buffer.destroy();
          return buffer;
        },
    );
  }

  // The allocator of TensorFlow.js's binary answers 0 when there is no room.
  wrap(WebAssembly, 'instantiate', (original) => async (...args) => {
    const result = await original.apply(WebAssembly, args);
    const { instance, module } = result as WebAssembly.WebAssemblyInstantiatedSource;
    const { malloc } = ((instance as WebAssembly.Instance | undefined)?.exports ?? {}) as {
      malloc?: (bytes: number) => number;
    };
    if (!malloc) return result;
    const refusing = (bytes: number) => (noWasmMemory ? 0 : malloc(bytes));
    return { module, instance: { exports: { ...instance.exports, malloc: refusing } } };
  });

  const faults: Record<WorkerFault, () => void> = {
    throws: () => setTimeout(() => { throw new Error('Injected: this worker throws.'); }), // prettier-ignore
    closes: () => close(),
    hangs: () => {
      while (true);
    },
    'loses-device': () => devices.forEach((device) => device.destroy()),
    'gpu-memory': () => (noGpuMemory = true),
    'wasm-memory': () => (noWasmMemory = true),
  };
  new BroadcastChannel(channel).onmessage = ({ data }: MessageEvent<{ fault: WorkerFault }>) =>
    faults[data.fault]();
  if (onStart) faults[onStart]();
}
