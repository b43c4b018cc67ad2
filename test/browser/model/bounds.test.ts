import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generate } from '../../../src/model/generate.ts';
import type { GeneratedRow } from '../../../src/model/generate-options.ts';
import { logitRows } from '../../../src/model/logit-rows.ts';
import { completionLogprobs, nextTokenLogprobs } from '../../../src/model/logprobs.ts';
import type { Model } from '../../../src/model/model.ts';
import { ContextLengthError } from '../../../src/model/rotary-table.ts';
import { startBackend } from '../../../src/tensor/backend.ts';
import { openFixture } from './fixture-models.ts';

let model: Model;
let tensors: number;
beforeAll(async () => {
  await startBackend('wasm');
  model = await openFixture('gemma3', ['model.safetensors']);
  model.rotary.cover(512);
  tensors = tf.memory().numTensors;
});
afterAll(() => {
  model.dispose();
});

const text = (length: number) => Int32Array.from({ length }, (_, i) => 3 + ((i * 31) % 700));

async function complete(lengths: number[], maxTokens: number): Promise<GeneratedRow[]> {
  const rows: GeneratedRow[] = [];
  const tasks = lengths.map((length, key) => ({ key, prompt: text(length), samples: [0] }));
  await generate(model, tasks, {
    sampling: { temperature: 1, topP: 1, maxTokens, seed: 0, round: 0 },
    rows: 8,
    multiple: 1,
    forwardTokens: 2048,
    onRow: (row) => rows.push(row),
    pause: async () => {},
  });
  return rows.toSorted((a, b) => a.task - b.task);
}

test('a text that reaches the end of the context ends there, unfinished; others go on', async () => {
  const [long, short] = await complete([508, 20], 30);
  expect(long).toMatchObject({ finished: false });
  expect(long?.ids.length).toBe(4);
  expect(short?.finished || short?.ids.length === 30).toBe(true);
  expect(tf.memory().numTensors).toBe(tensors);
});

test('a text beyond the context is refused with both lengths, and leaves nothing behind', async () => {
  await expect(complete([20, 513], 4)).rejects.toThrow(ContextLengthError);
  const group = { prompt: text(500), completions: [text(20)] };
  await expect(completionLogprobs(model, [group], 2048)).rejects.toThrow(/519 tokens.*at most 512/);
  await expect(nextTokenLogprobs(model, [text(600)], [1], 2048)).rejects.toThrow(ContextLengthError);
  expect(tf.memory().numTensors).toBe(tensors);
});

test('no 64 MB of logits exist: a large vocabulary gets fewer rows', () => {
  const rowsOf = (vocabularySize: number) => logitRows({ ...model.config, vocabularySize });
  expect(rowsOf(262_144) * 262_144 * 4).toBeLessThanOrEqual(64e6);
  expect(rowsOf(262_144)).toBe(61);
  expect(rowsOf(900_000_000)).toBe(1);
});
