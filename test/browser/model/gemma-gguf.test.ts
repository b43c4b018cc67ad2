import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openModel, type ModelFolder } from '../../../src/model/formats/model-folder.ts';
import { readSafetensors } from '../../../src/model/formats/safetensors.ts';
import { createTokenizer } from '../../../src/model/formats/tokenizer.ts';
import { openEngine } from '../../../workers/pool.ts';
import type { Engine } from '../../../workers/protocol.ts';

/** A pretrained Gemma 3 270M in Q4_K_M, others' weights: read where they lie. Golden values by transformers 5.23. */
const FOLDER = '/shared/models/gemma3-270m-en/';
const FILE = 'gemma3-270m-en.q4_k_m.gguf';

interface Golden {
  cases: { name: string; text: string; ids: number[]; greedyIds: number[]; logprobs: number[] }[];
}

const isThere = await fetch(FOLDER + FILE, { method: 'HEAD' }).then(({ ok }) => ok);
if (!isThere) console.info(`skipped: there is no ${FOLDER}${FILE}`);

/** Which of the golden prompts fit into this run: the longest has 1,485 tokens, far beyond the sliding window. */
const SHORT = ['capital', 'sum', 'list', 'code', 'unicode'];
const isTried = (name: string) => Boolean(import.meta.env.LONG) || SHORT.includes(name);

describe.skipIf(!isThere)('Gemma 3 270M agrees with transformers', () => {
  let files: ModelFolder;
  let engine: Engine;
  let cases: Golden['cases'];
  let lastLogits: Map<string, { data: Float32Array }>;

  beforeAll(async () => {
    files = new Map([[FILE, await (await fetch(FOLDER + FILE)).blob()]]);
    const golden = (await (await fetch(`${FOLDER}golden.json`)).json()) as Golden;
    cases = golden.cases.filter(({ name }) => isTried(name));
    lastLogits = readSafetensors(
      await (await fetch(`${FOLDER}golden-logits.safetensors`)).arrayBuffer(),
    ).arrays;
    engine = await openEngine({ backend: 'wasm', model: { name: 'gemma3', files }, workers: 1 });
  }, 600_000);

  afterAll(() => engine?.close());

  test('ids', async () => {
    const { tokenizerJson, tokenizerConfig } = (await openModel(files)).tokenizer;
    const tokenizer = createTokenizer(tokenizerJson, tokenizerConfig);
    for (const { name, text, ids } of cases)
      expect([tokenizer.bos, ...tokenizer.encode(text)], name).toEqual(ids);
  });

  test(
    'logits at the last position, and log-probabilities of the prompt',
    { timeout: 1_800_000 },
    async () => {
      for (const { name, ids, logprobs } of cases) {
        const logits = await engine.promptLogits(Int32Array.from(ids));
        const width = logits.length / ids.length;
        const row = (i: number) => logits.subarray(i * width, (i + 1) * width);
        const last = largestDifference(row(ids.length - 1), lastLogits.get(name)!.data);
        const ours = logprobs.map((_, i) => logSoftmaxAt(row(i), ids[i + 1]!));
        const probability = largestDifference(ours, logprobs);
        console.info(
          `${name}: logits differ by ${last.toExponential(1)}, log-probabilities by ${probability.toExponential(1)}`,
        );
        expect(last, name).toBeLessThan(5e-3);
        expect(probability, name).toBeLessThan(5e-3);
      }
    },
  );

  test('greedy tokens, as far as the choice is clear', { timeout: 1_800_000 }, async () => {
    const tasks = cases.map(({ ids }, key) => ({ key, prompt: Int32Array.from(ids), samples: [0] }));
    const rows = new Map<number, number[]>();
    const sampling = { temperature: 0, topP: 1, maxTokens: 32, seed: 0, round: 0 };
    await engine.generate(tasks, sampling, ({ task, ids }) => rows.set(task, [...ids]));
    for (const [task, { name, ids, greedyIds }] of cases.entries()) {
      const ours = rows.get(task)!;
      const split = greedyIds.findIndex((id, i) => id !== ours[i]);
      if (split === -1) continue;
      const context = Int32Array.from([...ids, ...greedyIds.slice(0, split)]);
      const [pair] = await engine.nextTokenLogprobs([context], [greedyIds[split]!, ours[split]!]);
      console.info(`${name}: another token at ${split}, ${pair![1]! - pair![0]!} more likely`);
      expect(Math.abs(pair![1]! - pair![0]!), name).toBeLessThan(0.02);
    }
  });
});

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}

function logSoftmaxAt(logits: Float32Array, id: number): number {
  const most = logits.reduce((a, b) => Math.max(a, b));
  const sum = logits.reduce((total, x) => total + Math.exp(x - most), 0);
  return logits[id]! - most - Math.log(sum);
}
