import * as tf from '@tensorflow/tfjs-core';
import type { Scalar } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { packedLogprobs } from '../../../src/model/logprobs.ts';
import { createLora, disposeLora, type LoraAdapter } from '../../../src/model/lora.ts';
import type { Model } from '../../../src/model/model.ts';
import { disposePacked, packGroups, packedTensors } from '../../../src/model/packed-batch.ts';
import { startBackend } from '../../../src/tensor/backend.ts';
import { useTable } from '../../../src/tensor/webgpu/adapter.ts';
import { openFixture } from './fixture-models.ts';
import { TABLES } from '../../long.ts';

/** The first projection of its product, the last of three, and one that stands alone; PEFT's default is q and v. */
const ADAPTED = /(q_proj|v_proj|up_proj|o_proj)\.weight$/;

/** Log-probabilities under an adapter, and the gradients of the factors that ADAPTED names. */
async function outcome(model: Model, lora: LoraAdapter): Promise<Float32Array[]> {
  model.lora = lora;
  const completions = [3, 5].map((step) => Int32Array.from({ length: 12 }, (_, i) => 10 + i * step));
  const batch = packedTensors(packGroups([{ prompt: Int32Array.of(1, 7, 9), completions }]));
  const adapted = [...lora.factors].filter(([name]) => ADAPTED.test(name));
  const variables = adapted.flatMap(([, { a, b }]) => [a, b]);
  const logprobs = tf.tidy(() => packedLogprobs(model, batch));
  const { value, grads } = tf.variableGrads(() => tf.sum<Scalar>(packedLogprobs(model, batch)), variables);
  const ordered = [logprobs, ...variables.map(({ name }) => grads[name]!)];
  const values = await Promise.all(ordered.map(async (x) => (await x.data()) as Float32Array));
  tf.dispose([value, ...ordered]);
  disposePacked(batch);
  model.lora = null;
  return values;
}

/** The table for real GPUs is slow in software; the fused products that it chooses are held by test/browser/tensor. */
describe.each(TABLES)('on %s, adapter table: %s', (backend, table) => {
  beforeAll(async () => {
    await startBackend(backend);
    if (table !== 'none') useTable(table);
  });

  // Rank 4 goes through our kernels; the WGSL ones cannot read rows of 6.
  test.each([4, 6])('weights without factors count as factors that change nothing, rank %i', async (rank) => {
    const before = tf.memory().numTensors;
    const model = await openFixture('llama', ['model.safetensors']);
    const whole = createLora(model.config, { rank, alpha: 8 }, 1);
    for (const [name, { b }] of whole.factors) {
      if (!ADAPTED.test(name)) continue;
      tf.tidy(() => {
        b.assign(tf.randomNormal(b.shape, 0, 0.05, 'float32', 5));
      });
    }
    const partial = {
      ...whole,
      factors: new Map([...whole.factors].filter(([name]) => ADAPTED.test(name))),
    };
    const [ours, expected] = [await outcome(model, partial), await outcome(model, whole)];
    expect(ours.length).toBe(1 + 2 * 4 * model.config.layers);
    ours.forEach((values, i) => {
      const oracle = expected[i]!;
      const scale = oracle.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
      expect(scale).toBeGreaterThan(0);
      values.forEach((x, j) => expect(Math.abs(x - oracle[j]!) / scale).toBeLessThan(1e-4));
    });
    disposeLora(whole);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
