import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ModelFolder } from '../../../src/model/formats/model-folder.ts';
import { openModel } from '../../../src/model/formats/open-model.ts';
import { readSafetensors } from '../../../src/model/formats/safetensors.ts';
import { createTokenizer } from '../../../src/model/formats/tokenizer.ts';
import { openEngine } from '../../../workers/pool.ts';
import type { Engine } from '../../../workers/protocol.ts';
import { expectAgreement, expectAllEqual, largestDifference, unequal } from '../../agreement.ts';
import { LONG } from '../../long.ts';

/** A pretrained Gemma 3 270M in Q4_K_M, others' weights: read where they lie. Golden values by transformers 5.23. */
const FOLDER = '/shared/models/gemma3-270m-en/';
const FILE = 'gemma3-270m-en.q4_k_m.gguf';

interface Case {
  name: string;
  text: string;
  ids: number[];
  greedyIds: number[];
  logprobs: number[];
}

const isThere = await fetch(FOLDER + FILE, { method: 'HEAD' }).then(({ ok }) => ok);
if (!isThere) console.info(`skipped: there is no ${FOLDER}${FILE}`);

const readCases = async () =>
  ((await (await fetch(`${FOLDER}golden.json`)).json()) as { cases: Case[] }).cases;
const readLastLogits = async () =>
  readSafetensors(await (await fetch(`${FOLDER}golden-logits.safetensors`)).arrayBuffer()).arrays;

const fixtureOf = ({ name, ids }: Case) => `gemma3-270m-en, ${name} (${ids.length} tokens)`;

describe.skipIf(!isThere)('Gemma 3 270M agrees with transformers', { timeout: 1_800_000 }, () => {
  let files: ModelFolder;
  beforeAll(async () => {
    files = new Map([[FILE, await (await fetch(FOLDER + FILE)).blob()]]);
  }, 600_000);

  test('ids', async (context) => {
    const { tokenizerJson, tokenizerConfig } = (await openModel(files)).tokenizer;
    const tokenizer = createTokenizer(tokenizerJson, tokenizerConfig);
    for (const one of await readCases()) {
      const ids = [tokenizer.bos, ...tokenizer.encode(one.text)];
      const subject = { fixture: fixtureOf(one), backend: 'any' };
      expectAllEqual(context, subject, 'ids', unequal(ids, one.ids), one.ids.length);
    }
  });

  // The longest has 1,485 tokens, far beyond the sliding window. On WebGPU in software a pass of any length takes seconds.
  describe.each([
    { backend: 'wasm', prompts: LONG ? 10 : 3, tokens: LONG ? 32 : 8 },
    ...(LONG ? ([{ backend: 'webgpu', prompts: 3, tokens: 32 }] as const) : []),
  ] as const)('the $prompts shortest prompts on $backend', ({ backend, prompts, tokens }) => {
    let engine: Engine;
    let cases: Case[];
    beforeAll(async () => {
      cases = (await readCases()).toSorted((a, b) => a.ids.length - b.ids.length).slice(0, prompts);
      engine = await openEngine({ backend, model: { name: 'gemma3', files }, workers: 1 });
    }, 600_000);
    afterAll(() => engine?.close());

    const subjectOf = (one: Case) => ({ fixture: fixtureOf(one), backend, device: engine.device.device });

    test('logits at the last position', async (context) => {
      const golden = await readLastLogits();
      for (const one of cases) {
        const logits = await engine.promptLogits(Int32Array.from(one.ids));
        const last = logits.subarray(-logits.length / one.ids.length);
        const difference = largestDifference(last, golden.get(one.name)!.data);
        expectAgreement(context, subjectOf(one), [{ quantity: 'last logits', difference, bound: 5e-3 }]);
      }
    });

    test('log-probabilities of the prompt, by the training pass', async (context) => {
      const sequences = cases.map(({ ids }) => ({
        prompt: Int32Array.from(ids.slice(0, 1)),
        completion: Int32Array.from(ids.slice(1)),
      }));
      const ours = await engine.sequenceLogprobs(sequences);
      for (const [i, one] of cases.entries()) {
        const difference = largestDifference(ours[i]!, one.logprobs);
        expectAgreement(context, subjectOf(one), [
          { quantity: 'log-probabilities', difference, bound: 5e-3 },
        ]);
      }
    });

    test(`${tokens} greedy tokens, as far as the choice is clear`, async (context) => {
      const tasks = cases.map(({ ids }, key) => ({ key, prompt: Int32Array.from(ids), samples: [0] }));
      const rows = new Map<number, Int32Array>();
      const sampling = { temperature: 0, topP: 1, maxTokens: tokens, seed: 0, round: 0 };
      await engine.generate(tasks, sampling, ({ task, ids }) => rows.set(task, ids));
      for (const [task, one] of cases.entries()) {
        const difference = await gapWhereTheyPart(engine, one, rows.get(task)!, tokens);
        const quantity = 'greedy tokens: gap where they part';
        expectAgreement(context, subjectOf(one), [{ quantity, difference, bound: 0.02 }]);
      }
    });
  });
});

/** By how much this engine prefers its own token to transformers' at the first place where they differ; 0: nowhere. */
async function gapWhereTheyPart(
  engine: Engine,
  { ids, greedyIds }: Case,
  ours: Int32Array,
  tokens: number,
): Promise<number> {
  const theirs = greedyIds.slice(0, tokens);
  expect(ours.length).toBe(theirs.length);
  const split = theirs.findIndex((id, i) => id !== ours[i]);
  if (split === -1) return 0;
  const context = Int32Array.from([...ids, ...theirs.slice(0, split)]);
  const [pair] = await engine.nextTokenLogprobs([context], [theirs[split]!, ours[split]!]);
  return Math.abs(pair![1]! - pair![0]!);
}
