import * as tf from '@tensorflow/tfjs-core';
import type { Scalar } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { openWeights } from '../../../src/model/formats/model-weights.ts';
import { packedLogprobs } from '../../../src/model/logprobs.ts';
import { createLora, disposeLora, loraVariables } from '../../../src/model/lora.ts';
import { createModel, FrozenWeightsError, setWeights, type Model } from '../../../src/model/model.ts';
import { disposePacked, packGroups, packedTensors } from '../../../src/model/packed-batch.ts';
import { startBackend } from '../../../src/tensor/backend.ts';
import { isPacked } from '../../../src/tensor/weight.ts';

const FOLDER = '/test/fixtures/models/llama-bf16-sharded/';
const FILES = [
  'config.json',
  'model-00001-of-00002.safetensors',
  'model-00002-of-00002.safetensors',
  'model.safetensors.index.json',
];

async function openFolder() {
  const blobs = FILES.map(async (file) => [file, await (await fetch(FOLDER + file)).blob()] as const);
  return openWeights(new Map(await Promise.all(blobs)));
}

/** Log-probabilities of a sequence, and their gradient with respect to a LoRA adapter. */
async function logprobsAndGradients(model: Model): Promise<Float32Array[]> {
  const lora = createLora(model.config, { rank: 4, alpha: 8 }, 1);
  for (const { b } of lora.factors.values()) {
    tf.tidy(() => {
      b.assign(tf.randomNormal(b.shape, 0, 0.05, 'float32', 5));
    });
  }
  model.lora = lora;
  const completion = Int32Array.from({ length: 30 }, (_, i) => 10 + i * 3);
  const batch = packedTensors(packGroups([{ prompt: Int32Array.of(1), completions: [completion] }]));
  const variables = [...loraVariables(lora).values()];
  const logprobs = tf.tidy(() => packedLogprobs(model, batch));
  const { value, grads } = tf.variableGrads(() => tf.sum<Scalar>(packedLogprobs(model, batch)), variables);
  const ordered = [logprobs, value, ...variables.map(({ name }) => grads[name]!)];
  const values = await Promise.all(ordered.map(async (x) => (await x.data()) as Float32Array));
  tf.dispose(ordered);
  disposePacked(batch);
  model.lora = null;
  disposeLora(lora);
  return values;
}

beforeAll(() => startBackend('webgpu'));

test('a model whose bfloat16 weights stay bfloat16 computes as one in float32, and takes half the memory', async () => {
  const { config, weights } = await openFolder();
  const before = tf.memory().numTensors;
  const bytes = () => (tf.memory() as unknown as { numBytesInGPU: number }).numBytesInGPU;
  const start = bytes();
  const packed = await createModel(config, weights, false);
  const matrices = [...packed.weights.values()].filter(({ shape }) => shape.length === 2);
  expect(matrices.every((weight) => isPacked(weight))).toBe(true);
  const halves = matrices.reduce((sum, { shape }) => sum + 2 * shape[0] * shape[1]!, 0);
  expect(bytes() - start).toBe(halves);
  const ours = await logprobsAndGradients(packed);
  packed.dispose();
  expect(tf.memory().numTensors).toBe(before);

  const float = await createModel(config, weights, true);
  const oracle = await logprobsAndGradients(float);
  float.dispose();
  ours.forEach((values, i) => {
    const largest = oracle[i]!.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
    const difference = values.reduce((max, x, j) => Math.max(max, Math.abs(x - oracle[i]![j]!)), 0);
    expect(largest).toBeGreaterThan(0);
    expect(difference).toBeLessThan(1e-5 * largest);
  });
});

test('weights that stay as published refuse to be replaced, in words', async () => {
  const { config, weights } = await openFolder();
  const packed = await createModel(config, weights, false);
  await expect(setWeights(packed, weights)).rejects.toThrow(FrozenWeightsError);
  await expect(setWeights(packed, weights)).rejects.toThrow(/bf16.*LoRA/);
  packed.dispose();
});
