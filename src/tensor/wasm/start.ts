import * as tf from '@tensorflow/tfjs-core';
import { BackendWasm, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import type { KernelSet } from '../kernel-set.ts';
import { registerAttention } from '../ops/attention/wasm.ts';
import { registerCachedAttention } from '../ops/cached-attention/wasm.ts';
import { registerGlu } from '../ops/glu/wasm.ts';
import { registerLinear } from '../ops/linear/wasm.ts';
import { registerRmsNorm } from '../ops/rms-norm/wasm.ts';
import { registerRotary } from '../ops/rotary/wasm.ts';
import { registerSampleTokens } from '../ops/sample-tokens/wasm.ts';
import { registerTakeRows } from '../ops/take-rows/wasm.ts';
import { registerTokenLogprob } from '../ops/token-logprob/wasm.ts';
import { setHeap } from './current.ts';
import { Heap, captureMemory } from './heap.ts';
import { shareClones } from './identity.ts';

/** Starts the WASM backend, with our kernels in its heap if asked to. @returns a description of the features in use. */
export async function startWasm(kernels: KernelSet): Promise<string> {
  // The threaded binary loads under cross-origin isolation but runs on one thread (4.22.0), and minifying breaks it.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (!(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'))) {
    throw new Error(
      'This browser has no WebAssembly SIMD, which the engine needs. Any browser since 2023 has it.',
    );
  }
  // All three names must be mapped; only the SIMD binary is ever loaded.
  const names = [
    'tfjs-backend-wasm.wasm',
    'tfjs-backend-wasm-simd.wasm',
    'tfjs-backend-wasm-threaded-simd.wasm',
  ];
  setWasmPaths(Object.fromEntries(names.map((name) => [name, simdUrl])), true);
  const memory = await captureMemory(async () => {
    await tf.setBackend('wasm');
    await tf.ready();
  });
  const backend = tf.backend();
  if (!(backend instanceof BackendWasm)) throw new Error('The WASM backend did not start.');
  if (kernels === 'stock') return 'WASM, SIMD, stock operations';
  const heap = await Heap.open(backend, memory);
  setHeap(heap);
  shareClones(backend);
  registerKernels();
  return heap.relaxed ? 'WASM, relaxed SIMD' : 'WASM, SIMD';
}

function registerKernels(): void {
  registerAttention();
  registerCachedAttention();
  registerGlu();
  registerLinear();
  registerRmsNorm();
  registerRotary();
  registerSampleTokens();
  registerTakeRows();
  registerTokenLogprob();
}
