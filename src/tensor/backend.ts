import * as tf from '@tensorflow/tfjs-core';
// tfjs-core leaves out the gradients of its own ops unless they are asked for.
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import type { BackendName } from './backend-name.ts';
import type { DeviceFailure } from './device-failure.ts';
import type { KernelSet } from './kernel-set.ts';

/**
 * Starts one backend for this worker (or page).
 * @returns the device's description
 */
export async function startBackend(
  name: BackendName,
  onFailure: (message: string, failure: DeviceFailure) => void = () => undefined,
  kernels: KernelSet = 'fused',
): Promise<string> {
  // Each backend is a chunk of its own: a worker loads the one that it runs on.
  const description =
    name === 'wasm'
      ? await (await import('./wasm/start.ts')).startWasm(kernels)
      : await (await import('./webgpu/start.ts')).startWebgpu(onFailure, kernels);
  if (tf.getBackend() !== name) throw new Error(`TensorFlow.js chose ${tf.getBackend()} instead of ${name}.`);
  return description;
}
