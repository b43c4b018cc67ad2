import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { logits } from '../../../src/model/forward.ts';
import { generate } from '../../../src/model/generate.ts';
import type { GeneratedRow } from '../../../src/model/generate-options.ts';
import { completionLogprobs, packedHidden } from '../../../src/model/logprobs.ts';
import type { Model } from '../../../src/model/model.ts';
import { disposePacked, packGroups, packedTensors } from '../../../src/model/packed-batch.ts';
import { startBackend } from '../../../src/tensor/backend.ts';
import { expectAgreement, expectAllEqual, largestDifference, unequal } from '../../agreement.ts';
import { openFixture, readGolden, readGoldenLogits } from './fixture-models.ts';

const WHOLE = ['model.safetensors'];
const SHARDS = [
  'model.safetensors.index.json',
  'model-00001-of-00002.safetensors',
  'model-00002-of-00002.safetensors',
];

const MODELS = [
  { name: 'llama', files: WHOLE },
  { name: 'llama3-rope-untied', files: WHOLE },
  { name: 'qwen2', files: WHOLE },
  { name: 'qwen3', files: WHOLE },
  { name: 'gemma3', files: WHOLE },
  // The weights of `llama` in bfloat16; its golden logits are of those, in float32.
  { name: 'llama-bf16-sharded', files: SHARDS },
];

async function allLogits(model: Model, ids: number[]): Promise<Float32Array> {
  const batch = packedTensors(packGroups([{ prompt: Int32Array.from(ids), completions: [] }]));
  const out = tf.tidy(() => logits(model, packedHidden(model, batch)));
  const values = (await out.data()) as Float32Array;
  out.dispose();
  disposePacked(batch);
  return values;
}

/** Two samples of each prompt decode together: rows share their prompt's keys and values. */
async function greedy(model: Model, prompts: number[][], maxTokens: number): Promise<GeneratedRow[]> {
  const rows: GeneratedRow[] = [];
  const tasks = prompts.map((ids, key) => ({ key, prompt: Int32Array.from(ids), samples: [0, 1] }));
  await generate(model, tasks, {
    sampling: { temperature: 0, topP: 1, maxTokens, seed: 0, round: 0 },
    rows: 8,
    multiple: 4,
    forwardTokens: 512,
    onRow: (row) => rows.push(row),
    pause: async () => {},
  });
  return rows;
}

describe.each(['wasm', 'webgpu'] as const)('on %s', (backend) => {
  let device: string;
  beforeAll(async () => {
    device = await startBackend(backend);
  });

  describe.each(MODELS)('$name agrees with transformers', ({ name, files }) => {
    // The bfloat16 folder has no golden.json of its own: prompts come from the same weights in float32.
    const greedyName = name === 'llama-bf16-sharded' ? null : name;
    let model: Model;
    let tensors: number;
    const subject = () => ({ fixture: name, backend, device });
    beforeAll(async () => {
      tensors = tf.memory().numTensors;
      model = await openFixture(name, files);
    });
    afterAll(() => {
      model.dispose();
      expect(tf.memory().numTensors).toBe(tensors);
    });

    test('logits', async (context) => {
      const golden = await readGoldenLogits(name);
      const { input_ids } = await readGolden(greedyName ?? 'llama');
      const differences: number[] = [];
      for (const [i, ids] of input_ids.entries()) {
        const expected = golden.get(`logits.${i}`)?.data as Float32Array;
        differences.push(largestDifference(await allLogits(model, ids), expected));
      }
      const difference = Math.max(...differences);
      expectAgreement(context, subject(), [{ quantity: 'logits', difference, bound: 1e-3 }]);
    });

    if (greedyName) {
      test('greedy tokens', async (context) => {
        const golden = await readGolden(name);
        const longest = Math.max(...golden.greedy.map((ids) => ids.length));
        const rows = await greedy(model, golden.input_ids, longest);
        expect(rows.length).toBe(2 * golden.input_ids.length);
        const ours = rows.flatMap(({ task, ids }) => [...ids.slice(0, golden.greedy[task]!.length)]);
        const theirs = rows.flatMap(({ task }) => golden.greedy[task]!);
        expectAllEqual(context, subject(), 'greedy tokens', unequal(ours, theirs), theirs.length);
      });

      test('log-probabilities of the prompts', async (context) => {
        const { input_ids, logprobs } = await readGolden(name);
        const groups = input_ids.map((ids) => ({
          prompt: Int32Array.from(ids.slice(0, 1)),
          completions: [Int32Array.from(ids.slice(1))],
        }));
        const ours = await completionLogprobs(model, groups, 512);
        const difference = Math.max(...ours.map((values, i) => largestDifference(values, logprobs[i]!)));
        expectAgreement(context, subject(), [{ quantity: 'log-probabilities', difference, bound: 1e-3 }]);
      });
    }

    test('decoding over the cache gives the log-probabilities of the training pass', async () => {
      const prompt = (await readGolden(greedyName ?? 'llama')).input_ids[0] as number[];
      const [row] = await greedy(model, [prompt], 24);
      const { ids, logprobs } = row as GeneratedRow;
      const group = { prompt: Int32Array.from(prompt), completions: [Int32Array.from(ids)] };
      const [trained] = await completionLogprobs(model, [group], 512);
      expect(largestDifference(trained as Float32Array, logprobs)).toBeLessThan(1e-3);
    });
  });
});
