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
import { LONG } from '../../long.ts';

const TOKENS = 512;
const RANK = 16;
const OPTIONS = { workers: 1, rows: 8, tokens: TOKENS, trainingTokens: TOKENS, rank: RANK };

/** The most bytes that were taken since `reset`, beyond those taken then. */
interface Meter {
  peak(): number;
  reset(): void;
}

/** Counts what the backend takes from its allocator; tf.memory() counts a clone, which shares its data, once more. */
const meterOf = (backend: MemoryOptions['backend']) => (backend === 'wasm' ? heapMeter() : poolMeter());

function heapMeter(): Meter {
  const { wasm } = tf.backend() as unknown as {
    wasm: { _malloc(bytes: number): number; _free(at: number): void };
  };
  let [live, peak, before] = [0, 0, 0];
  const add = (bytes: number) => (peak = Math.max(peak, (live += bytes)));
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
  return { peak: () => peak - before, reset: () => (peak = before = live) };
}

/** A freed GPU buffer waits in the pool for another of its size, so the most of each size adds up. */
function poolMeter(): Meter {
  interface Pool {
    acquireBuffer(size: number, ...rest: unknown[]): GPUBuffer;
    releaseBuffer(buffer: GPUBuffer, ...rest: unknown[]): void;
  }
  const { bufferManager: pool } = tf.backend() as unknown as { bufferManager: Pool };
  const counts = new Map<number, { live: number; most: number; before: number }>();
  const countOf = (size: number) => {
    if (!counts.has(size)) counts.set(size, { live: 0, most: 0, before: 0 });
    return counts.get(size)!;
  };
  const [acquire, release] = [pool.acquireBuffer.bind(pool), pool.releaseBuffer.bind(pool)];
  pool.acquireBuffer = (size, ...rest) => {
    const count = countOf(size);
    count.most = Math.max(count.most, ++count.live);
    return acquire(size, ...rest);
  };
  pool.releaseBuffer = (buffer, ...rest) => {
    countOf(buffer.size).live--;
    release(buffer, ...rest);
  };
  return {
    peak: () => [...counts].reduce((sum, [size, { most, before }]) => sum + size * (most - before), 0),
    reset: () => counts.forEach((count) => (count.most = count.before = count.live)),
  };
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
  const { value, grads } = tf.variableGrads(
    () => tf.neg<Scalar>(tf.sum(packedLogprobs(model, batch))),
    variables,
  );
  await value.data();
  const peak = meter.peak();
  tf.dispose([value, ...Object.values(grads)]);
  disposePacked(batch);
  disposeLora(lora);
  model.lora = null;
  return peak;
}

/** At least what was measured, and at most 1.3 times that. */
function expectEnough(planned: number, measured: number): void {
  expect(planned / measured).toBeGreaterThanOrEqual(1);
  expect(planned / measured).toBeLessThanOrEqual(1.3);
}

/** One architecture of each kind: no norms beside the layer's two; of queries and keys; after attention and MLP, too. */
const ARCHITECTURES = ['llama', 'qwen3', 'gemma3'];

describe.each(['wasm', 'webgpu'] as const)('on %s', (backend) => {
  let meter: Meter;
  beforeAll(async () => {
    await startBackend(backend);
    meter = meterOf(backend);
  });

  describe.each(backend === 'webgpu' && !LONG ? ['gemma3'] : ARCHITECTURES)(
    'the memory plan covers what %s takes:',
    (name) => {
      let model: Model;
      let weights: number;
      beforeAll(async () => {
        const before = tf.memory().numBytes;
        model = await openFixture(name, ['model.safetensors']);
        weights = tf.memory().numBytes - before;
        model.rotary.cover(TOKENS);
      });
      const plan = () => memoryPlan(model.config, { backend, ...OPTIONS });

      test('weights', () => expectEnough(plan().weights, weights));

      test('keys and values', () => {
        const before = tf.memory().numBytes;
        const cache = createKvCache(model.config, OPTIONS.rows + 1, TOKENS);
        expectEnough(plan().cache, tf.memory().numBytes - before);
        cache.dispose();
      });

      test('a forward pass without gradients', () => {
        const batch = trainingBatch();
        meter.reset();
        tf.tidy(() => packedLogprobs(model, batch)).dispose();
        expectEnough(plan().activations, meter.peak());
        disposePacked(batch);
      });

      test('training with all activations kept', async () => {
        const peak = await trainingPeak(model, false, meter);
        expectEnough(plan().kept, peak);
      });

      test('training with activations recomputed', async () => {
        const peak = await trainingPeak(model, true, meter);
        expectEnough(plan().recomputed, peak);
      });
    },
  );
});
