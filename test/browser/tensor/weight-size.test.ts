import * as tf from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { beforeAll, expect, test } from 'vitest';
import { startBackend } from '../../../src/tensor/backend.ts';
import { floatWeight, packedWeight, WeightSizeError } from '../../../src/tensor/weight.ts';

beforeAll(() => startBackend('webgpu'));

/** Floats of the largest matrix that the device reads as one, and 1,024 more. The pages of the array are never touched. */
const tooMany = () =>
  (tf.backend() as unknown as WebGPUBackend).device.limits.maxStorageBufferBindingSize / 4 + 1024;

test('a matrix that is larger than a shader can read is refused in words, and nothing of it stays', () => {
  const tensors = tf.memory().numTensors;
  const data = new Float32Array(tooMany());
  expect(() => floatWeight(data, [data.length / 32, 32])).toThrow(WeightSizeError);
  expect(() => floatWeight(data, [data.length / 32, 32])).toThrow(/in float32 takes \d+ MB/);
  expect(tf.memory().numTensors).toBe(tensors);
});

test('so is one that is kept in 16 bits', () => {
  const shape: [number, number] = [(2 * tooMany()) / 32, 32];
  expect(() => packedWeight(new Uint8Array(0), 'bf16', shape)).toThrow(WeightSizeError);
});
