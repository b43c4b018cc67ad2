import * as tf from '@tensorflow/tfjs-core';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { DeviceFailure } from '../device-failure.ts';
import type { KernelSet } from '../kernel-set.ts';
import { registerAdamwWebgpu } from '../ops/adamw/webgpu.ts';
import { registerAttentionWebgpu } from '../ops/attention/webgpu.ts';
import { registerCachedAttentionWebgpu } from '../ops/cached-attention/webgpu.ts';
import { registerGluWebgpu } from '../ops/glu/webgpu.ts';
import { registerLinearWebgpu } from '../ops/linear/webgpu.ts';
import { registerRmsNormWebgpu } from '../ops/rms-norm/webgpu.ts';
import { registerRotaryWebgpu } from '../ops/rotary/webgpu.ts';
import { registerSampleTokensWebgpu } from '../ops/sample-tokens/webgpu.ts';
import { registerTakeRowsWebgpu } from '../ops/take-rows/webgpu.ts';
import { registerTokenLogprobWebgpu } from '../ops/token-logprob/webgpu.ts';
import { chooseTable } from './adapter.ts';

/**
 * Starts the WebGPU backend on a device of our own: the stock registration dereferences a missing adapter and leaves
 * the limit of storage buffers per stage at its default.
 * @param onFailure called when the device is lost, has no memory left, or an operation on it was invalid;
 * without it, a failed kernel would quietly leave zeros
 * @returns the adapter's description
 */
export async function startWebgpu(
  onFailure: (message: string, failure: DeviceFailure) => void,
  kernels: KernelSet,
): Promise<string> {
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('No WebGPU adapter was found. The page can run on WASM instead.');
  const device = await adapter.requestDevice({
    requiredLimits: limitsOf(adapter),
    requiredFeatures: FEATURES.filter((name) => adapter.features.has(name)),
  });
  // Nobody here destroys it: a device that was is a lost one.
  void device.lost.then(({ reason, message }) => onFailure(message || reason, 'lost'));
  device.addEventListener('uncapturederror', ({ error }) => {
    onFailure(error.message, error instanceof GPUOutOfMemoryError ? 'memory' : 'invalid');
  });
  const info = adapter.info;
  chooseTable(info, device.features);
  tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, info), 3);
  await tf.setBackend('webgpu');
  await tf.ready();
  if (kernels === 'fused') registerKernels();
  return [info.vendor, info.architecture, info.description].filter(Boolean).join(' ') || 'unnamed adapter';
}

function registerKernels(): void {
  registerAdamwWebgpu();
  registerAttentionWebgpu();
  registerCachedAttentionWebgpu();
  registerGluWebgpu();
  registerLinearWebgpu();
  registerRmsNormWebgpu();
  registerRotaryWebgpu();
  registerSampleTokensWebgpu();
  registerTakeRowsWebgpu();
  registerTokenLogprobWebgpu();
}

const FEATURES = ['subgroups'] as GPUFeatureName[];

const LIMITS = [
  'maxBufferSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
] as const;

function limitsOf(adapter: GPUAdapter): Record<string, number> {
  return Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]]));
}
