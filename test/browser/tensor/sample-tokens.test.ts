import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { uniform } from '../../../src/model/philox.ts';
import { sampleToken } from '../../../src/model/sample-token.ts';
import { startBackend } from '../../../src/tensor/backend.ts';
import { newestTokens, sampleTokens } from '../../../src/tensor/ops/sample-tokens/op.ts';
import { useTable } from '../../../src/tensor/webgpu/adapter.ts';

const ROWS = 50;
const SEED = 2 ** 40 + 12345;
const integers = (rows: number[][]) => tf.tensor2d(rows, [rows.length, rows[0]!.length], 'int32');

/** What is drawn from random logits, by the kernel and in JavaScript. */
async function drawBoth(vocabulary: number, temperature: number, topP: number, topK: number) {
  const logits = tf.randomNormal<tf.Rank.R2>([ROWS, vocabulary], 0, 3, 'float32', 7);
  const newest = tf.zeros<tf.Rank.R1>([ROWS], 'int32');
  const draws = Array.from({ length: 4 * ROWS }, (_, i) => ({
    key: i * 77_777_777,
    sample: i % 8,
    position: i % 60,
  }));
  const places = integers(
    draws.map(({ key, sample, position }, i) => [i % ROWS, i % ROWS, key | 0, sample, position]),
  );
  const attributes = { temperature, topP, topK, seed: SEED, round: 3 };
  const drawn = sampleTokens(logits, places, newest, attributes);
  const [values, floats] = (await Promise.all([drawn.data(), logits.data()])) as [Float32Array, Float32Array];
  tf.dispose([logits, newest, places, drawn]);
  const plain = draws.map((place, i) => {
    const row = floats.subarray((i % ROWS) * vocabulary, ((i % ROWS) + 1) * vocabulary);
    return sampleToken(row, attributes, uniform({ ...place, seed: SEED, round: 3 }));
  });
  const kernel = plain.map((_, i) => ({ id: values[2 * i]!, logprob: values[2 * i + 1]! }));
  return { plain, kernel };
}

describe.each([
  ['webgpu', 'software'],
  ['webgpu', 'hardware'],
  ['wasm', null],
] as const)('tokens drawn by kernels on %s, adapter table: %s', (backend, table) => {
  const failures: string[] = [];
  beforeAll(async () => {
    await startBackend(backend, (message) => failures.push(message));
    if (table) useTable(table);
  });

  test.each([
    [768, 0, 1, 0],
    [768, 1, 1, 0],
    [768, 0.7, 0.9, 0],
    [768, 1, 1, 20],
    [768, 1.5, 0.8, 50],
    [5003, 1.3, 0.5, 0],
    [33, 1, 0.05, 0],
    [33, 1, 1, 40],
  ])('vocabulary %i, temperature %f, top-p %f, top-k %i: as in JavaScript', async (...setting) => {
    const before = tf.memory().numTensors;
    const { plain, kernel } = await drawBoth(...setting);
    expect(tf.memory().numTensors).toBe(before);
    const same = plain.filter(({ id }, i) => id === kernel[i]!.id).length;
    expect(same / plain.length).toBeGreaterThanOrEqual(0.995);
    expect(new Set(kernel.map(({ id }) => id)).size).toBeGreaterThan(10);
    plain.forEach(({ id, logprob }, i) => {
      if (id === kernel[i]!.id) expect(Math.abs(logprob - kernel[i]!.logprob)).toBeLessThan(1e-5);
    });
  });

  test('extreme logits give a token and a finite log-probability', async () => {
    const logits = tf.tensor2d([1e30, -1e30, 0, -80, -80, -80, -80, -80], [2, 4]);
    const newest = tf.zeros<tf.Rank.R1>([2], 'int32');
    const places = integers([
      [0, 0, 1, 1, 1],
      [1, 1, 1, 1, 1],
    ]);
    const drawn = sampleTokens(logits, places, newest, {
      temperature: 0.01,
      topP: 0.9,
      topK: 0,
      seed: 1,
      round: 0,
    });
    const [a, logA, b, logB] = await drawn.data();
    expect([a, logA]).toEqual([0, 0]);
    expect(b).toBeLessThan(4);
    expect(logB).toBeCloseTo(Math.log(0.25), 5);
    tf.dispose([logits, newest, places, drawn]);
  });

  test('a row goes on from what the host gives, else from what was drawn into its slot', async () => {
    const logits = tf.tensor2d([0, 9, 0, 0, 0, 9], [2, 3]);
    const newest = tf.tensor1d([7, 7, 7], 'int32');
    const places = integers([
      [0, 2, 0, 0, 0],
      [1, 0, 0, 0, 0],
    ]);
    const given = integers([
      [-1, 0],
      [5, 1],
      [-1, 2],
    ]);
    const drawn = sampleTokens(logits, places, newest, {
      temperature: 0,
      topP: 1,
      topK: 0,
      seed: 1,
      round: 0,
    });
    const ids = newestTokens(given, newest);
    expect([...(await ids.data())]).toEqual([2, 5, 1]);
    tf.dispose([logits, newest, places, given, drawn, ids]);
  });

  test('no program was invalid', () => expect(failures).toEqual([]));
});
