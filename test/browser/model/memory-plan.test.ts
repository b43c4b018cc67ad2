import * as tf from '@tensorflow/tfjs-core';
import type { Scalar } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { createKvCache } from '../../../src/model/kv-cache.ts';
import { packedLogprobs } from '../../../src/model/logprobs.ts';
import { createLora, disposeLora, loraVariables } from '../../../src/model/lora.ts';
import { memoryPlan, type MemoryOptions } from '../../../src/model/memory-plan.ts';
import type { Model } from '../../../src/model/model.ts';
import { disposePacked, packGroups, packedTensors } from '../../../src/model/packed-batch.ts';
import { startBackend } from '../../../src/tensor/backend.ts';
import { openFixture } from './fixture-models.ts';

const TOKENS = 512;
const RANK = 16;
const OPTIONS = { workers: 1, rows: 8, tokens: TOKENS, trainingTokens: TOKENS, rank: RANK };

/** Bytes that are taken, and the most that were since `reset`. */
interface Meter {
  bytes(): number;
  peak(): number;
  reset(): void;
}

/** Counts what the backend takes from its allocator; tf.memory() counts a clone, which shares its data, once more. */
function meterOf(backend: MemoryOptions['backend']): Meter {
  let live = 0;
  let peak = 0;
  const add = (bytes: number) => (peak = Math.max(peak, (live += bytes)));
  if (backend === 'wasm') {
    const { wasm } = tf.backend() as unknown as {
      wasm: { _malloc(bytes: number): number; _free(at: number): void };
    };
    // Emscripten's stubs put the real functions in their own place when first called.
    wasm._free(wasm._malloc(8));
    const sizes = new Map<number, number>();
    const [allocate, free] = [wasm._malloc.bind(wasm), wasm._free.bind(wasm)];
    wasm._malloc = (bytes) => {
      const at = allocate(bytes) >>> 0;
      sizes.set(at, bytes);
      add(bytes);
      return at;
    };
    wasm._free = (at) => {
      add(-(sizes.get(at >>> 0) ?? 0));
      sizes.delete(at >>> 0);
      free(at);
    };
  } else {
    const { bufferManager } = tf.backend() as unknown as {
      bufferManager: { acquireBuffer(...args: unknown[]): unknown; numBytesUsed: number };
    };
    const acquire = bufferManager.acquireBuffer.bind(bufferManager);
    bufferManager.acquireBuffer = (...args) => {
      const buffer = acquire(...args);
      live = bufferManager.numBytesUsed;
      add(0);
      return buffer;
    };
  }
  return { bytes: () => live, peak: () => peak, reset: () => (peak = live) };
}

function trainingBatch() {
  const completion = Int32Array.from({ length: TOKENS }, (_, i) => 3 + (i % 100));
  return packedTensors(packGroups([{ prompt: Int32Array.of(1), completions: [completion] }]));
}

async function trainingPeak(model: Model, recompute: boolean, meter: Meter): Promise<number> {
  const lora = createLora(model.config, { rank: RANK, alpha: RANK }, 1);
  model.lora = lora;
  model.recompute = recompute;
  const batch = trainingBatch();
  const variables = [...loraVariables(lora).values()];
  meter.reset();
  const before = meter.bytes();
  const { value, grads } = tf.variableGrads(
    () => tf.neg<Scalar>(tf.sum(packedLogprobs(model, batch))),
    variables,
  );
  await value.data();
  const peak = meter.peak() - before;
  tf.dispose([value, ...Object.values(grads)]);
  disposePacked(batch);
  disposeLora(lora);
  model.lora = null;
  return peak;
}

function expectWithinAFifth(planned: number, measured: number): void {
  expect(planned / measured).toBeGreaterThan(0.8);
  expect(planned / measured).toBeLessThan(1.2);
}

describe.each(['wasm', 'webgpu'] as const)('the memory plan agrees with what %s takes:', (backend) => {
  let model: Model;
  let meter: Meter;
  let weights: number;
  beforeAll(async () => {
    await startBackend(backend);
    meter = meterOf(backend);
    const before = tf.memory().numBytes;
    model = await openFixture('llama', ['model.safetensors']);
    weights = tf.memory().numBytes - before;
    model.rotary.cover(TOKENS);
  });
  const plan = () => memoryPlan(model.config, { backend, ...OPTIONS });

  test('weights', () => expectWithinAFifth(plan().weights, weights));

  test('keys and values', () => {
    const before = tf.memory().numBytes;
    const cache = createKvCache(model.config, OPTIONS.rows + 1, TOKENS);
    expectWithinAFifth(plan().cache, tf.memory().numBytes - before);
    cache.dispose();
  });

  test('a forward pass without gradients', () => {
    const batch = trainingBatch();
    meter.reset();
    const before = meter.bytes();
    tf.tidy(() => packedLogprobs(model, batch)).dispose();
    expectWithinAFifth(plan().activations, meter.peak() - before);
    disposePacked(batch);
  });

  test('training with all activations kept', async () => {
    const peak = await trainingPeak(model, false, meter);
    expectWithinAFifth(plan().kept, peak);
  });

  test('training with activations recomputed', async () => {
    const peak = await trainingPeak(model, true, meter);
    expectWithinAFifth(plan().recomputed, peak);
  });
});
