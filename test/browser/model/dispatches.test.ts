import * as tf from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { forward, headLayout } from '../../../src/model/forward.ts';
import { createKvCache, type KvCache } from '../../../src/model/kv-cache.ts';
import { createLora, disposeLora } from '../../../src/model/lora.ts';
import type { Model } from '../../../src/model/model.ts';
import { startBackend } from '../../../src/tensor/backend.ts';
import { cachedAttention, cacheWrite } from '../../../src/tensor/ops/cached-attention/op.ts';
import { useTable } from '../../../src/tensor/webgpu/adapter.ts';
import { openFixture } from './fixture-models.ts';

/** Embedding and last norm. */
const OUTSIDE_LAYERS = 2;

let model: Model;
let cache: KvCache;
beforeAll(async () => {
  await startBackend('webgpu');
  useTable('hardware');
  model = await openFixture('llama', ['model.safetensors']);
  cache = createKvCache(model.config, 4, 8);
  model.rotary.cover(8);
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => {
  cache.dispose();
  model.dispose();
  useTable('software');
});

/** Dispatches of a layer in one step of decoding, for two rows. */
function dispatchesOfLayer(): number {
  const counted = vi.spyOn(GPUComputePassEncoder.prototype, 'dispatchWorkgroups');
  const integers = (values: number[]) => tf.tensor1d(values, 'int32');
  tf.tidy(() => {
    const layout = headLayout(model.config);
    const tokens = { ids: integers([5, 6]), positions: integers([0, 0]), length: 1 };
    const places = tf.tensor2d([0, 0, 1, 0], [2, 2], 'int32');
    const reads = tf.tensor2d([3, 0, 0, 0, 0, 1, 3, 0, 0, 1, 0, 1], [2, 6], 'int32');
    forward(model, tokens, (qkv: Tensor2D, layer: number) => {
      const own = cache.layers[layer]!;
      cacheWrite(qkv, own, places, layout);
      return cachedAttention(qkv, own, own, reads, layout);
    });
  });
  return (counted.mock.calls.length - OUTSIDE_LAYERS) / model.config.layers;
}

// A step of a small model costs a GPU what its dispatches cost.
test('a layer takes ten dispatches: two norms, four products, rotary, cache, attention and gate', () => {
  expect(dispatchesOfLayer()).toBe(10);
});

test('LoRA factors take two more for each product', () => {
  model.lora = createLora(model.config, { rank: 4, alpha: 8 }, 1);
  expect(dispatchesOfLayer()).toBe(18);
  disposeLora(model.lora);
  model.lora = null;
});
