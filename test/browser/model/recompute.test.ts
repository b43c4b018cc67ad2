import * as tf from '@tensorflow/tfjs-core';
import type { Scalar } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { packedLogprobs } from '../../../src/model/logprobs.ts';
import { createLora, disposeLora, loraVariables } from '../../../src/model/lora.ts';
import { trainableWeights, type Model } from '../../../src/model/model.ts';
import { disposePacked, packGroups, packedTensors } from '../../../src/model/packed-batch.ts';
import { startBackend } from '../../../src/tensor/backend.ts';
import { openFixture } from './fixture-models.ts';
import { LONG } from '../../long.ts';

/** A pair that shares its prompt, and a longer sequence. */
const groups = [
  { prompt: Int32Array.of(1, 40, 90, 7), completions: [Int32Array.of(50, 60, 70, 2), Int32Array.of(51, 2)] },
  { prompt: Int32Array.of(1), completions: [Int32Array.from({ length: 40 }, (_, i) => 10 + i * 3)] },
];

async function gradients(model: Model, recompute: boolean): Promise<Float32Array[]> {
  const variables = model.lora
    ? [...loraVariables(model.lora).values()]
    : [...trainableWeights(model).values()];
  const batch = packedTensors(packGroups(groups));
  model.recompute = recompute;
  model.rotary.cover(batch.length);
  const before = tf.memory().numTensors;
  const { value, grads } = tf.variableGrads(
    () => tf.neg<Scalar>(tf.sum(packedLogprobs(model, batch))),
    variables,
  );
  expect(tf.memory().numTensors - before).toBe(1 + variables.length);
  const ordered = [value, ...variables.map(({ name }) => grads[name]!)];
  const values = await Promise.all(ordered.map(async (x) => (await x.data()) as Float32Array));
  tf.dispose(ordered);
  disposePacked(batch);
  return values;
}

function expectEqual(ours: Float32Array[], without: Float32Array[]): void {
  ours.forEach((values, i) => {
    const largest = without[i]!.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
    const difference = values.reduce((max, x, j) => Math.max(max, Math.abs(x - without[i]![j]!)), 0);
    expect(difference).toBeLessThanOrEqual(1e-6 * largest);
  });
}

/** B starts at zero, and A would have no gradient. */
function attachLora(model: Model): void {
  const lora = createLora(model.config, { rank: 4, alpha: 8 }, 1);
  for (const { b } of lora.factors.values()) {
    tf.tidy(() => {
      b.assign(tf.randomNormal(b.shape, 0, 0.05, 'float32', 5));
    });
  }
  model.lora = lora;
}

/** SwiftShader compiles for most of a minute: one model, that with sliding layers, stands for all in `npm test`. */
const quick = (backend: string) => backend === 'webgpu' && !LONG;

describe.each(['wasm', 'webgpu'] as const)('gradients with recomputed activations, on %s', (backend) => {
  beforeAll(() => startBackend(backend));

  test.each(quick(backend) ? ['gemma3'] : ['llama', 'gemma3'])('%s with LoRA', async (name) => {
    const model = await openFixture(name, ['model.safetensors']);
    attachLora(model);
    const without = await gradients(model, false);
    expect(without.every((values) => values.some((x) => x !== 0))).toBe(true);
    expectEqual(await gradients(model, true), without);
    disposeLora(model.lora!);
    model.dispose();
  });

  test.skipIf(quick(backend))('llama, all weights', async () => {
    const model = await openFixture('llama', ['model.safetensors']);
    expectEqual(await gradients(model, true), await gradients(model, false));
    model.dispose();
  });
});
