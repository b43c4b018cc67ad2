import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm as StockBackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import relaxedUrl from './kernels-relaxed.wasm?url';
import simdUrl from './kernels-simd.wasm?url';
import { HeapFullError } from './heap-full.ts';
import type { Kernels } from './kernels.ts';
import type { Pointer } from './pointer.ts';

/** Emscripten's allocator is there at run time but missing in the package's types (4.22.0). */
type BackendWasm = StockBackendWasm & {
  wasm: { _malloc(bytes: number): Pointer; _free(pointer: Pointer): void };
};

const STACK_BYTES = 256 * 1024;

/** TensorFlow.js's binary may grow its memory to 65,536 pages but one (memory section and getHeapMax, 4.22.0). */
export const HEAP_LIMIT = 4_294_901_760;

/**
 * Our own kernels, running inside the heap of TensorFlow.js's WASM backend, so that tensors pass by address.
 *
 * TensorFlow.js's binary is closed, but it exports its memory: `captureMemory` keeps it when the module is
 * instantiated. Our module imports that memory, has no data segment, and gets a stack of its own by `_malloc`.
 */
export class Heap {
  readonly kernels: Kernels;
  readonly relaxed: boolean;
  readonly #backend: BackendWasm;
  readonly #memory: WebAssembly.Memory;
  #scratch: { pointer: Pointer; bytes: number } = { pointer: 0, bytes: 0 };

  private constructor(backend: BackendWasm, memory: WebAssembly.Memory, kernels: Kernels, relaxed: boolean) {
    this.#backend = backend;
    this.#memory = memory;
    this.kernels = kernels;
    this.relaxed = relaxed;
  }

  static async open(stock: StockBackendWasm, memory: WebAssembly.Memory): Promise<Heap> {
    const backend = stock as BackendWasm;
    refuseWhenFull(backend);
    const relaxed = await tryCompile(relaxedUrl);
    const module = relaxed ?? (await WebAssembly.compile(await fetchBytes(simdUrl)));
    const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
    const stack = backend.wasm._malloc(STACK_BYTES) >>> 0;
    // The stack grows downwards and must stay 16-byte aligned.
    (exports['__stack_pointer'] as WebAssembly.Global).value = (stack + STACK_BYTES) & ~15;
    return new Heap(backend, memory, exports as unknown as Kernels, relaxed !== null);
  }

  /** Address of a tensor's first element. Valid until the tensor is disposed. */
  address(tensor: TensorInfo): Pointer {
    return this.#backend.getMemoryOffset(tensor.dataId);
  }

  /** A new, uninitialised tensor; its owner is the kernel's caller (the tfjs engine). */
  allocate(shape: number[], dtype: 'float32' | 'int32' = 'float32'): TensorInfo {
    return this.#backend.makeOutput(shape, dtype);
  }

  allocateZeros(shape: number[]): TensorInfo {
    const tensor = this.allocate(shape);
    this.floats(this.address(tensor), tf.util.sizeFromShape(shape)).fill(0);
    return tensor;
  }

  /** Bytes that no tensor owns, e.g. packed weights; give them back with `release`. */
  reserve(bytes: number): Pointer {
    return this.#backend.wasm._malloc(bytes) >>> 0;
  }

  release(pointer: Pointer): void {
    this.#backend.wasm._free(pointer);
  }

  /** Working space of one kernel call; the next call to `scratch` may reuse or move it. */
  scratch(floats: number): Pointer {
    const bytes = floats * 4;
    if (bytes > this.#scratch.bytes) {
      if (this.#scratch.pointer) this.release(this.#scratch.pointer);
      this.#scratch = { pointer: this.reserve(bytes), bytes };
    }
    return this.#scratch.pointer;
  }

  /** A view on the heap. It dies when the heap grows: use it at once, never keep it. */
  floats(pointer: Pointer, count: number): Float32Array {
    return new Float32Array(this.#memory.buffer, pointer, count);
  }

  integers(pointer: Pointer, count: number): Int32Array {
    return new Int32Array(this.#memory.buffer, pointer, count);
  }

  /** Size of the whole heap in bytes; it never shrinks. */
  get bytes(): number {
    return this.#memory.buffer.byteLength;
  }
}

/**
 * Emscripten's malloc answers 0 when memory is full, and TensorFlow.js writes the tensor there, over whatever lies at
 * the heap's beginning (4.22.0). From now on it throws instead.
 */
function refuseWhenFull({ wasm }: BackendWasm): void {
  // A stub that puts the real function in its own place when first called: call it before it is wrapped.
  wasm._free(wasm._malloc(16));
  const allocate = wasm._malloc.bind(wasm);
  wasm._malloc = (bytes) => {
    const pointer = allocate(bytes);
    if (pointer !== 0) return pointer;
    throw new HeapFullError(
      `${Math.ceil(bytes / 1e6)} MB more do not fit: a WebAssembly memory ends at 4 GB, or this device has no more. ` +
        'Choose a smaller model or shorter texts, or the GPU engine.',
    );
  };
}

/**
 * Runs `start`, in which TensorFlow.js instantiates its binary, and returns the memory that the binary exports.
 * With `usePlatformFetch` the backend calls plain `WebAssembly.instantiate` (backend_wasm.js, 4.22.0).
 */
export async function captureMemory(start: () => Promise<void>): Promise<WebAssembly.Memory> {
  const original = WebAssembly.instantiate;
  let memory: WebAssembly.Memory | undefined;
  const capture = async (bytes: BufferSource, imports?: WebAssembly.Imports) => {
    const result = await original(bytes, imports);
    const exported = Object.values(result.instance.exports).find(
      (value) => value instanceof WebAssembly.Memory,
    );
    memory ??= exported;
    return result;
  };
  WebAssembly.instantiate = capture as typeof WebAssembly.instantiate;
  try {
    await start();
  } finally {
    WebAssembly.instantiate = original;
  }
  if (!memory) throw new Error('The TensorFlow.js WASM backend started without exporting its memory.');
  return memory;
}

/** null where the browser does not know relaxed SIMD (Safari, at the time of writing). */
async function tryCompile(url: string): Promise<WebAssembly.Module | null> {
  const bytes = await fetchBytes(url);
  return WebAssembly.validate(bytes) ? WebAssembly.compile(bytes) : null;
}

async function fetchBytes(url: string): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`Could not load the kernels (${url}): HTTP ${response.status}.`);
  return response.arrayBuffer();
}
