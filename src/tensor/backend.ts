import * as tf from '@tensorflow/tfjs-core';
// tfjs-core leaves out the gradients of its own ops unless they are asked for.
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { startWasm } from './wasm/start.ts';
import { startWebgpu, webgpuMissing } from './webgpu/start.ts';

export { webgpuMissing };

/**
 * Starts one backend for this worker (or page).
 * @returns the device's description
 */
export async function startBackend(
  name: 'webgpu' | 'wasm',
  onLost: (message: string) => void = () => undefined,
): Promise<string> {
  const description = name === 'wasm' ? await startWasm() : await startWebgpu(onLost);
  if (tf.getBackend() !== name) throw new Error(`TensorFlow.js chose ${tf.getBackend()} instead of ${name}.`);
  return description;
}
