import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { arraysSource } from '../../../src/model/formats/arrays-source.ts';
import { tokenizerFromGguf } from '../../../src/model/formats/gguf-vocabulary.ts';
import { createTokenizer, type Tokenizer } from '../../../src/model/formats/tokenizer.ts';
import { logits } from '../../../src/model/forward.ts';
import { generate } from '../../../src/model/generate.ts';
import { packedHidden } from '../../../src/model/logprobs.ts';
import { createModel, type Model } from '../../../src/model/model.ts';
import { disposePacked, packGroups, packedTensors } from '../../../src/model/packed-batch.ts';
import { startBackend } from '../../../src/tensor/backend.ts';
import { expectAgreement, expectAllEqual, largestDifference, unequal } from '../../agreement.ts';
import { readLlama2c, readLlama2cTokens } from './llama2c.ts';

/** Trained weights of others, which write small stories: read where they lie. Golden values by numpy over the same file. */
const FOLDER = '/shared/fixtures/models/stories260K/';

interface Golden {
  prompt: string;
  prompt_tokens: number[];
  greedy_tokens_after_bos: number[];
  text: string;
  logits_at_bos_first8: number[];
}

const isThere = await fetch(`${FOLDER}stories260K.bin`, { method: 'HEAD' }).then(({ ok }) => ok);
if (!isThere) console.info(`skipped: there is no ${FOLDER}`);

const bytes = async (file: string) => (await fetch(FOLDER + file)).arrayBuffer();
const readGolden = async () => (await (await fetch(`${FOLDER}golden_greedy.json`)).json()) as Golden;

async function openTokenizer(): Promise<Tokenizer> {
  const { tokenizerJson, tokenizerConfig } = tokenizerFromGguf(readLlama2cTokens(await bytes('tok512.bin')));
  return createTokenizer(tokenizerJson, tokenizerConfig);
}

async function openStories(): Promise<Model> {
  const { config, arrays } = readLlama2c(await bytes('stories260K.bin'));
  return createModel(config, arraysSource(arrays));
}

async function firstLogits(model: Model, bos: number): Promise<number[]> {
  const batch = packedTensors(packGroups([{ prompt: Int32Array.of(bos), completions: [] }]));
  const out = tf.tidy(() => logits(model, packedHidden(model, batch)));
  const values = await out.data();
  out.dispose();
  disposePacked(batch);
  return [...values.subarray(0, 8)];
}

async function greedy(model: Model, prompt: number[], maxTokens: number): Promise<number[]> {
  const rows: number[][] = [];
  await generate(model, [{ key: 0, prompt: Int32Array.from(prompt), samples: [0] }], {
    sampling: { temperature: 0, topP: 1, maxTokens, seed: 0, round: 0 },
    rows: 1,
    multiple: 4,
    forwardTokens: 512,
    onRow: ({ ids }) => rows.push([...ids]),
    pause: async () => {},
  });
  return rows[0]!;
}

describe.skipIf(!isThere)('a trained story teller of 260,000 parameters', () => {
  test('reads and writes as llama2.c does', async () => {
    const tokenizer = await openTokenizer();
    const { prompt, prompt_tokens, greedy_tokens_after_bos, text } = await readGolden();
    expect([...tokenizer.encode(prompt, { addSpecial: true })]).toEqual(prompt_tokens);
    // llama2.c keeps the space that begins a text.
    expect(` ${tokenizer.decode(greedy_tokens_after_bos)}`).toBe(text);
  });

  test.for(['wasm', 'webgpu'] as const)('gives the expected tokens on %s', async (backend, context) => {
    const device = await startBackend(backend);
    const tensors = tf.memory().numTensors;
    const golden = await readGolden();
    const model = await openStories();
    const expected = golden.greedy_tokens_after_bos;
    const bos = golden.prompt_tokens[0]!;
    const difference = largestDifference(await firstLogits(model, bos), golden.logits_at_bos_first8);
    const tokens = await greedy(model, [bos], expected.length);
    model.dispose();
    expect(tf.memory().numTensors).toBe(tensors);
    const subject = { fixture: 'stories260K', backend, device };
    expectAgreement(context, subject, [{ quantity: 'logits', difference, bound: 1e-3 }]);
    expectAllEqual(context, subject, 'greedy tokens', unequal(tokens, expected), expected.length);
  });
});
