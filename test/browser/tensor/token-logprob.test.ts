import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { startBackend } from '../../../src/tensor/backend.ts';
import { logprobBytes } from '../../../src/tensor/ops/token-logprob/chunks.ts';
import {
  composedTokenLogprob,
  composedTokenStatistics,
} from '../../../src/tensor/ops/token-logprob/composed.ts';
import { tokenLogprob, tokenStatistics } from '../../../src/tensor/ops/token-logprob/op.ts';
import { LONG } from '../../long.ts';

const LARGEST = 64e6;
const random = (shape: [number, number], seed: number) =>
  tf.randomNormal<tf.Rank.R2>(shape, 0, 0.5, 'float32', seed);
const spread = (count: number, vocabulary: number) =>
  tf.tensor1d(
    Array.from({ length: count }, (_, i) => (i * 967) % vocabulary),
    'int32',
  );
const floats = async (x: tf.Tensor) => (await x.data()) as Float32Array;

function largestDifference(a: Float32Array, b: Float32Array): number {
  const scale = b.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
  expect(scale).toBeGreaterThan(0);
  return a.reduce((max, x, i) => Math.max(max, Math.abs(x - b[i]!) / scale), 0);
}

/** The largest single piece of memory that `run` asks the backend for. */
async function largestRequest(backend: string, run: () => Promise<void>): Promise<number> {
  let largest = 0;
  const watch = <F extends (bytes: number, ...rest: never[]) => unknown>(request: F): F =>
    ((bytes: number, ...rest: never[]) => {
      largest = Math.max(largest, bytes);
      return request(bytes, ...rest);
    }) as F;
  if (backend === 'wasm') {
    const { wasm } = tf.backend() as unknown as { wasm: { _malloc(bytes: number): number } };
    wasm._malloc = watch(wasm._malloc.bind(wasm));
  } else {
    const { bufferManager } = tf.backend() as unknown as {
      bufferManager: { acquireBuffer(bytes: number, ...rest: never[]): unknown };
    };
    bufferManager.acquireBuffer = watch(bufferManager.acquireBuffer.bind(bufferManager));
  }
  await run();
  return largest;
}

/** Several chunks; on SwiftShader those of as few rows take seconds as well. */
const ROWS = LONG ? 600 : 300;

describe.each(['wasm', 'webgpu'] as const)('log-probabilities in chunks, on %s', (backend) => {
  const failures: string[] = [];
  beforeAll(() => startBackend(backend, (message) => failures.push(message)));

  // First: working space on WASM stays when it has once been taken.
  test.runIf(LONG || backend === 'wasm')(
    "over Gemma's vocabulary no tensor is larger than 64 MB, forward and backward",
    async () => {
      const [rows, width, vocabulary] = [80, 4, 262_144];
      const [hidden, head] = [random([rows, width], 1), random([vocabulary, width], 2)];
      const targets = spread(rows, vocabulary);
      const logprobs = (h: tf.Tensor) => tokenLogprob(h as Tensor2D, head, targets);
      const largest = await largestRequest(backend, async () => {
        const tensors = [logprobs(hidden), tf.grad((h) => tf.sum(logprobs(h)))(hidden)];
        const [values] = await Promise.all(tensors.map(floats));
        expect(values!.every((x) => x < 0 && Number.isFinite(x))).toBe(true);
        tf.dispose(tensors);
      });
      expect(largest).toBeGreaterThan(5e5);
      expect(largest).toBeLessThanOrEqual(LARGEST);
      tf.dispose([hidden, head, targets]);
      expect(failures).toEqual([]);
    },
  );

  test('a vocabulary and a batch of several chunks give what the whole gives, with both gradients', async () => {
    const [rows, width, vocabulary] = [ROWS, 8, 5004];
    const [hidden, head] = [random([rows, width], 1), random([vocabulary, width], 2)];
    const targets = spread(rows, vocabulary);
    const weights = tf.randomNormal([rows], 0, 1, 'float32', 3);
    const all = async (op: (h: Tensor2D, w: Tensor2D) => Tensor1D) => {
      const loss = (h: tf.Tensor, w: tf.Tensor) => tf.sum(tf.mul(op(h as Tensor2D, w as Tensor2D), weights));
      const tensors = [op(hidden, head), ...tf.grads(loss)([hidden, head])];
      const values = await Promise.all(tensors.map(floats));
      tf.dispose(tensors);
      return values;
    };
    const before = tf.memory().numTensors;
    const ours = await all((h, w) => tokenLogprob(h, w, targets));
    expect(tf.memory().numTensors).toBe(before);
    const oracle = await all((h, w) => composedTokenLogprob(h, w, targets));
    ours.forEach((values, i) => expect(largestDifference(values, oracle[i]!)).toBeLessThan(1e-5));
    tf.dispose([hidden, head, targets, weights]);
    expect(failures).toEqual([]);
  });

  test('entropy, mean logit and hits are those of the whole distribution, also where it is almost certain', async () => {
    const [rows, width, vocabulary] = [ROWS, 8, 5004];
    const sharp = tf.mul<Tensor2D>(random([rows, width], 1), tf.expandDims(tf.linspace(0.01, 40, rows), 1));
    const head = random([vocabulary, width], 2);
    const likeliest = tf.argMax<Tensor1D>(tf.matMul(sharp, head, false, true), 1);
    // Every other target is the likeliest token.
    const other = spread(rows, vocabulary);
    const targets = tf.where<Tensor1D>(tf.equal(tf.mod(tf.range(0, rows), 2), 0), likeliest, other);
    const before = tf.memory().numTensors;
    const { logprobs, statistics } = tokenStatistics(sharp, head, targets);
    const [ours, alone, oracle] = await Promise.all(
      [statistics, logprobs, composedTokenStatistics(sharp, head, targets)].map(floats),
    );
    expect([...ours!.subarray(2 * rows)]).toEqual([...oracle!.subarray(2 * rows)]);
    expect(ours!.subarray(2 * rows).reduce((a, b) => a + b)).toBeGreaterThanOrEqual(rows / 2);
    for (let i = 0; i < 2 * rows; i++) expect(Math.abs(ours![i]! - oracle![i]!)).toBeLessThan(2e-4);
    expect([...alone!]).toEqual([...(await floats(tokenLogprob(sharp, head, targets)))]);
    expect(ours![0]).toBeCloseTo(Math.log(vocabulary), 2);
    expect(ours![rows - 1]).toBeLessThan(1);
    tf.dispose([statistics, logprobs]);
    expect(tf.memory().numTensors).toBe(before + 2);
    tf.dispose([sharp, head, likeliest, other, targets]);
    expect(failures).toEqual([]);
  });
});

test.each([
  ['wasm', 100_000, 262_144],
  ['webgpu', 100_000, 262_144],
  ['wasm', 100_000, 49_152],
] as const)('on %s, %i tokens over a vocabulary of %i stay below 64 MB', (backend, tokens, vocabulary) => {
  expect(logprobBytes(backend, tokens, vocabulary, 640)).toBeLessThan(LARGEST);
});
