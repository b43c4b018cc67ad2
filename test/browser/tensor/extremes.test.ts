import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { uniform } from '../../../src/model/philox.ts';
import type { TokenChoice } from '../../../src/model/sample-token.ts';
import { startBackend } from '../../../src/tensor/backend.ts';
import { composedAdamw } from '../../../src/tensor/ops/adamw/composed.ts';
import { adamw, NORM_EPSILON } from '../../../src/tensor/ops/adamw/op.ts';
import type { AdamWUpdate } from '../../../src/tensor/ops/adamw/update.ts';
import { attention } from '../../../src/tensor/ops/attention/op.ts';
import { HeadLayoutError, type HeadLayout } from '../../../src/tensor/ops/attention/head-layout.ts';
import {
  CacheCapacityError,
  cachedAttention,
  cacheWrite,
} from '../../../src/tensor/ops/cached-attention/op.ts';
import { glu } from '../../../src/tensor/ops/glu/op.ts';
import { linear } from '../../../src/tensor/ops/linear/op.ts';
import { rmsNorm } from '../../../src/tensor/ops/rms-norm/op.ts';
import { samplesByKernel, sampleTokens } from '../../../src/tensor/ops/sample-tokens/op.ts';
import { takeRows } from '../../../src/tensor/ops/take-rows/op.ts';
import { STRIPE_COLUMNS } from '../../../src/tensor/ops/token-logprob/chunks.ts';
import { tokenLogprob, tokenStatistics } from '../../../src/tensor/ops/token-logprob/op.ts';
import { useTable } from '../../../src/tensor/webgpu/adapter.ts';
import { attention64, glu64, linear64, rmsNorm64, tokenLogprob64, type Numbers } from './float64.ts';
import { TABLES } from '../../long.ts';

const integers = (values: Numbers) => tf.tensor1d([...values], 'int32');
const matrix = (values: Numbers, width: number) => tf.tensor2d([...values], [values.length / width, width]);
const numbers = async (x: Tensor): Promise<number[]> => Array.from((await x.data()) as Float32Array);
const spansOf = (spans: Numbers[]) => tf.tensor2d(spans.flat(), [spans.length, 3], 'int32');

/** The same numbers on every machine, about as large as `size`, and exact in float32. */
const wave = (count: number, size: number): number[] => [
  ...Float32Array.from({ length: count }, (_, i) => size * Math.sin(1 + i * i)),
];

interface Outcome {
  value: number[];
  gradients: number[][];
}

/** Output of an op and the gradients of its sum weighted with 1, −1, 1 …; fails where one of them is no number. */
async function finite(op: (inputs: Tensor[]) => Tensor, inputs: Tensor[]): Promise<Outcome> {
  const before = tf.memory().numTensors;
  const output = tf.tidy(() => op(inputs));
  const gradients = tf.grads((...xs: Tensor[]) => {
    const y = op(xs);
    const signs = Array.from({ length: y.size }, (_, i) => (i % 2 ? -1 : 1));
    return tf.sum(tf.mul(y, tf.tensor(signs, y.shape)));
  })(inputs);
  expect(tf.memory().numTensors).toBe(before + 1 + inputs.length);
  const [value, ...slopes] = await Promise.all([output, ...gradients].map(numbers));
  tf.dispose([output, ...gradients, ...inputs]);
  for (const values of [value!, ...slopes]) expect(values.filter((x) => !Number.isFinite(x))).toEqual([]);
  return { value: value!, gradients: slopes };
}

/** Largest difference beside the largest expected number (or 1e-30, where all are zero). */
function difference(values: Numbers, expected: Numbers): number {
  expect(values).toHaveLength(expected.length);
  const scale = expected.reduce((max, x) => Math.max(max, Math.abs(x)), 1e-30);
  return values.reduce((max, x, i) => Math.max(max, Math.abs(x - expected[i]!) / scale), 0);
}

describe.each(TABLES)('extremes on %s, adapter table: %s', (backend, table) => {
  const failures: string[] = [];
  beforeAll(async () => {
    await startBackend(backend, (message) => failures.push(message));
    if (table !== 'none') useTable(table);
  });

  describe('RMSNorm', () => {
    const norm = ([x, w]: Tensor[]) => rmsNorm(x as Tensor2D, w as Tensor1D, 1e-6);

    // 1e-25 squared is below what float32 holds; 1e17 squared, and 12 of them summed, is still within it.
    test.each([0, 1e-25, 1e-4, 1e4, 1e17])('rows of about %f', async (size) => {
      const [x, w] = [wave(36, size), wave(12, 1)];
      const { value, gradients } = await finite(norm, [matrix(x, 12), tf.tensor1d(w)]);
      expect(difference(value, rmsNorm64(x, w, 1e-6))).toBeLessThan(1e-6);
      if (size === 0) expect(gradients[1]!.every((slope) => slope === 0)).toBe(true);
    });

    test('a row of zeros between others does not change them', async () => {
      const x = [...wave(7, 1), ...Array<number>(7).fill(0), ...wave(7, 3)];
      const w = wave(7, 1);
      const { value } = await finite(norm, [matrix(x, 7), tf.tensor1d(w)]);
      expect(difference(value, rmsNorm64(x, w, 1e-6))).toBeLessThan(1e-6);
      expect(value.slice(7, 14).every((y) => y === 0)).toBe(true);
    });
  });

  test.each(['silu', 'gelu'] as const)('%s at ±100 and ±10,000 is its limit', async (activation) => {
    const gate = [-1e4, -100, -20, -1e-30, 0, 1e-30, 20, 100, 1e4, 3, -3];
    const up = gate.map((_, i) => 1 + i);
    const { value, gradients } = await finite(
      ([x]) => glu(x as Tensor2D, activation),
      [matrix([...gate, ...up], 2 * gate.length)],
    );
    expect(difference(value, glu64([...gate, ...up], gate.length, activation))).toBeLessThan(1e-6);
    // activation'(g): 0 far below, 1 far above.
    const slopes = gradients[0]!.slice(0, gate.length).map((slope, i) => Math.abs(slope) / up[i]!);
    expect(slopes[0]).toBeLessThan(1e-6);
    expect(slopes[1]).toBeLessThan(1e-6);
    expect(slopes[7]).toBeCloseTo(1, 5);
    expect(slopes[8]).toBeCloseTo(1, 5);
  });

  describe('attention', () => {
    const layout: HeadLayout = { heads: 2, kvHeads: 1, headSize: 16, scale: 0.25 };
    const run = (x: Numbers, spans: Numbers[], heads = layout) =>
      finite(
        ([qkv]) => attention(qkv as Tensor2D, spansOf(spans), heads),
        [matrix(x, x.length / spans.length)],
      );

    test('over one token gives its value, and no gradient to queries and keys', async () => {
      const x = wave(64, 1);
      const { value, gradients } = await run(x, [[0, 0, 0]]);
      expect(difference(value, [...x.slice(48), ...x.slice(48)])).toBeLessThan(1e-6);
      expect(Math.max(...gradients[0]!.slice(0, 48).map(Math.abs))).toBeLessThan(1e-6);
    });

    test('with scores of ±10,000 takes the one value that has the largest', async () => {
      const tokens = 7;
      const x = wave(64 * tokens, 1);
      // q·k / 4 = ±10,000 · (1 ± a little): the first number of a query and of a key decide.
      for (let t = 0; t < tokens; t++) {
        for (const head of [0, 16]) x[64 * t + head] = head ? -200 : 200;
        x[64 * t + 32] = 200 + t * (t % 2 ? 3 : -2);
      }
      const spans = Array.from({ length: tokens }, () => [0, 0, 0]);
      const { value } = await run(x, spans);
      expect(difference(value, attention64(x, spans, layout))).toBeLessThan(1e-3);
    });

    test.each([0, 1e-30, 1e15])('with numbers of about %f', async (size) => {
      const spans = Array.from({ length: 5 }, () => [0, 0, 0]);
      // Scores are of q and k alone: values may be as large as they like.
      const x = wave(64 * 5, 1).map((v, i) => (i % 64 < 48 && size > 1 ? v : v * size));
      const { value } = await run(x, spans);
      expect(difference(value, attention64(x, spans, layout))).toBeLessThan(2e-6);
    });

    test.each(backend === 'wasm' ? [2048] : [])('over %i tokens', async (tokens) => {
      const heads = { ...layout, heads: 1 };
      const x = wave(48 * tokens, 2);
      const spans = Array.from({ length: tokens }, () => [0, 0, 0]);
      const { value } = await run(x, spans, heads);
      // The last token, which sees them all, as a sequence of its own.
      const last = attention64(x, [...Array<number[]>(tokens - 1).fill([0, 0, 9e9]), [0, 0, 0]], heads);
      expect(difference(value.slice(-16), last.slice(-16))).toBeLessThan(1e-5);
    });

    test.each([
      ['a head size of 12', { ...layout, headSize: 12 }, HeadLayoutError, /12.*multiple of 16/],
      ['3 query heads on 2', { ...layout, heads: 3, kvHeads: 2 }, HeadLayoutError, /3 query heads/],
    ] as const)('%s is refused', (_, heads, type, message) => {
      const qkv = tf.zeros<tf.Rank.R2>([2, (heads.heads + 2 * heads.kvHeads) * heads.headSize]);
      const spans = spansOf([
        [0, 0, 0],
        [0, 0, 0],
      ]);
      const before = tf.memory().numTensors;
      expect(() => attention(qkv, spans, heads)).toThrow(type);
      expect(() => attention(qkv, spans, heads)).toThrow(message);
      expect(tf.memory().numTensors).toBe(before);
      tf.dispose([qkv, spans]);
    });
  });

  describe('attention over a cache', () => {
    const layout: HeadLayout = { heads: 2, kvHeads: 1, headSize: 16, scale: 0.25 };
    const cacheOf = (capacity: number) => ({
      keys: tf.zeros<tf.Rank.R4>([2, 1, 16, capacity]),
      values: tf.zeros<tf.Rank.R4>([2, 1, capacity, 16]),
    });

    test.each([1, 250])('of one position, with numbers of about %f', async (size) => {
      const x = wave(64, size);
      const [prefix, own] = [cacheOf(8), cacheOf(8)];
      const qkv = matrix(x, 64);
      const places = tf.tensor2d([0, 0], [1, 2], 'int32');
      const reads = tf.tensor2d([1, 0, 0, 0, 0, 1], [1, 6], 'int32');
      cacheWrite(qkv, own, places, layout);
      const out = cachedAttention(qkv, prefix, own, reads, layout);
      expect(difference(await numbers(out), [...x.slice(48), ...x.slice(48)])).toBeLessThan(1e-6);
      tf.dispose([...Object.values(prefix), ...Object.values(own), qkv, places, reads, out]);
    });

    test('a capacity that does not divide by eight is refused', () => {
      const [even, odd] = [cacheOf(8), cacheOf(7)];
      const qkv = matrix(wave(64, 1), 64);
      const places = tf.tensor2d([0, 0], [1, 2], 'int32');
      const reads = tf.tensor2d([0, 0, 0, 0, 0, 1], [1, 6], 'int32');
      const before = tf.memory().numTensors;
      expect(() => cacheWrite(qkv, odd, places, layout)).toThrow(CacheCapacityError);
      expect(() => cachedAttention(qkv, even, odd, reads, layout)).toThrow(/7 positions.*multiple of 8/);
      expect(() => cachedAttention(qkv, odd, even, reads, layout)).toThrow(CacheCapacityError);
      expect(tf.memory().numTensors).toBe(before);
      tf.dispose([...Object.values(even), ...Object.values(odd), qkv, places, reads]);
    });
  });

  describe('log-probabilities', () => {
    const logprob = (targets: Numbers) => (inputs: Tensor[]) =>
      tokenLogprob(inputs[0] as Tensor2D, inputs[1] as Tensor2D, integers(targets));

    /** A head of one column beside three of zeros: hidden states of (1, 0, 0, 0) have its numbers as logits. */
    const headOf = (logits: Numbers) => logits.flatMap((x) => [x, 0, 0, 0]);
    const one = [1, 0, 0, 0];

    test.each([
      ['±10,000', [1e4, -1e4, 0, 1e4, 9_999, 3, -3, -1e4]],
      ['all equal', Array<number>(12).fill(5)],
      ['all equal and large', Array<number>(12).fill(-1e4)],
      ['one of −1e30', [0, 1, -1e30, 2, 3, 0, 1, 2]],
      ['one above all others', [0, 0, 0, 1e4]],
      ['one of four', [0.5, 0.25, 0, -80]],
    ])('of logits %s', async (_, logits) => {
      const targets = logits.map((__, i) => i);
      const hidden = targets.flatMap(() => one);
      const head = headOf(logits);
      const { value, gradients } = await finite(logprob(targets), [matrix(hidden, 4), matrix(head, 4)]);
      expect(difference(value, tokenLogprob64(hidden, head, targets))).toBeLessThan(1e-6);
      expect(Math.max(...value)).toBeLessThanOrEqual(0);
      // A gradient by a logit is onehot − p, at most 1; there are as many of them as targets.
      expect(Math.max(...gradients[1]!.map(Math.abs))).toBeLessThanOrEqual(targets.length);
    });

    test('statistics of equal logits, of a certain token and of one that is impossible', async () => {
      const rows = [
        [5, 5, 5, 5, 5, 5, 5, 5],
        [1e4, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, -1e30],
      ];
      const head = matrix(Array.from({ length: 8 }, (_, j) => [...rows.map((row) => row[j]!), 0]).flat(), 4);
      const hidden = tf.eye(3, 4);
      const targets = integers([3, 0, 7]);
      const { logprobs, statistics } = tokenStatistics(hidden, head, targets);
      const [entropy, mean, hit] = await statistics.array();
      expect(difference(entropy!, [Math.log(8), 0, Math.log(7)])).toBeLessThan(1e-6);
      expect(difference(mean!.slice(0, 2), [5, 1250])).toBeLessThan(1e-6);
      expect(mean![2]! / (-1e30 / 8)).toBeCloseTo(1, 5);
      expect(hit).toEqual([1, 1, 0]);
      expect((await numbers(logprobs))[2]! / -1e30).toBeCloseTo(1, 5);
      tf.dispose([head, hidden, targets, logprobs, statistics]);
    });

    test.each([STRIPE_COLUMNS, STRIPE_COLUMNS + 4, STRIPE_COLUMNS + 1])(
      'over a vocabulary of %i, where a chunk ends',
      async (vocabulary) => {
        const targets = [0, vocabulary - 1, STRIPE_COLUMNS - 1];
        const [hidden, head] = [wave(3 * 8, 1), wave(vocabulary * 8, 1)];
        const { value, gradients } = await finite(logprob(targets), [matrix(hidden, 8), matrix(head, 8)]);
        expect(difference(value, tokenLogprob64(hidden, head, targets))).toBeLessThan(2e-6);
        // Σ over the vocabulary of onehot − p is 0, for each column of the hidden states.
        const sums = wave(8, 0).map((_, j) =>
          gradients[1]!.reduce((sum, slope, at) => sum + (at % 8 === j ? slope : 0), 0),
        );
        expect(Math.max(...sums.map(Math.abs))).toBeLessThan(1e-5);
      },
    );
  });

  test('a product with numbers from 1e-18 to 1e18, and one whose sum cancels', async () => {
    const [x, w] = [wave(9, 1e18), wave(15, 1e-18)];
    const { value } = await finite(
      ([a, b]) => linear(a as Tensor2D, b as Tensor2D),
      [matrix(x, 3), matrix(w, 3)],
    );
    expect(difference(value, linear64(x, w, 3))).toBeLessThan(1e-6);
    const cancelling = await finite(
      ([a, b]) => linear(a as Tensor2D, b as Tensor2D),
      [matrix([2 ** 60, 1, -(2 ** 60), 0], 4), matrix([2 ** 60, 0, 2 ** 60, 0], 4)],
    );
    expect(cancelling.value).toEqual([0]);
  });

  test('one row taken a thousand times gathers a thousand gradients', async () => {
    const rows = Array<number>(1000).fill(2);
    const { gradients } = await finite(
      ([x]) => tf.abs(takeRows(x as Tensor2D, integers(rows))),
      [matrix(Array<number>(9).fill(1), 3)],
    );
    // 3,000 signs that alternate: over three columns each gets as many of one as of the other.
    expect(gradients[0]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  describe('AdamW', () => {
    const options = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, maxGradNorm: 1, step: 1 };
    const update = (gradient: Numbers): AdamWUpdate => ({
      weight: tf.tidy(() => tf.variable(tf.tensor1d([1, -2, 3]))),
      gradient: tf.tensor1d([...gradient]),
      m: tf.tidy(() => tf.variable(tf.zeros([3]))),
      v: tf.tidy(() => tf.variable(tf.zeros([3]))),
      weightDecay: 0.1,
    });
    const free = ({ weight, gradient, m, v }: AdamWUpdate) => tf.dispose([weight, gradient, m, v]);

    test('of zeros: the norm is 0, and nothing but the decay moves', async () => {
      const zero = update([0, 0, 0]);
      expect(await adamw([zero], options)).toBe(0);
      expect(difference(await numbers(zero.weight), [0.999, -1.998, 2.997])).toBeLessThan(1e-6);
      expect([...(await numbers(zero.m)), ...(await numbers(zero.v))]).toEqual([0, 0, 0, 0, 0, 0]);
      free(zero);
    });

    // 1e15 squared is still within float32, 1e-22 squared is nothing in it: ε leads.
    test.each([1e-22, 1e-3, 1e15])('of gradients of about %f goes as the oracle', async (size) => {
      const [ours, oracle] = [update([size, -2 * size, 0]), update([size, -2 * size, 0])];
      const norm = Math.sqrt(5) * size;
      const said = await adamw([ours], options);
      expect(Math.abs(said - norm)).toBeLessThan(1e-5 * norm + 1e-21);
      composedAdamw(oracle, options, Math.min(1, options.maxGradNorm / (norm + NORM_EPSILON)));
      for (const part of ['weight', 'm', 'v'] as const) {
        expect(difference(await numbers(ours[part]), await numbers(oracle[part]))).toBeLessThan(1e-4);
      }
      free(ours);
      free(oracle);
    });

    // Squares of 1e20 are beyond float32: the sum in double (WASM) holds them, and the step is clipped; else the norm is
    // infinite, and a step that is not finite changes nothing.
    test('of a norm of 1e20 takes a step that is clipped, or none', async () => {
      const huge = update([1e20, 0, 0]);
      const norm = await adamw([huge], options);
      const weights = await numbers(huge.weight);
      if (Number.isFinite(norm)) {
        expect(norm / 1e20).toBeCloseTo(1, 6);
        expect(difference(weights, [0.989, -1.998, 2.997])).toBeLessThan(1e-5);
      } else {
        expect([norm, ...weights]).toEqual([Infinity, 1, -2, 3]);
      }
      expect(Number.isFinite(norm)).toBe(backend === 'wasm');
      free(huge);
    });
  });

  describe('sampling', () => {
    const attributes = { topK: 0, seed: 2 ** 33 + 7, round: 2 };
    const placeOf = (i: number) => ({ key: i * 7919, sample: i % 8, position: i });
    const noiseOf = (i: number) => uniform({ ...placeOf(i), ...attributes });

    async function drawn(
      logits: Numbers,
      count: number,
      temperature: number,
      topP: number,
    ): Promise<TokenChoice[]> {
      const all = Array.from({ length: count }, (_, i) => i);
      const x = matrix(logits, logits.length);
      const newest = tf.zeros<tf.Rank.R1>([count], 'int32');
      const rows = all.map((i) => [0, i, ...Object.values(placeOf(i))]);
      const places = tf.tensor2d(rows.flat(), [count, 5], 'int32');
      const tokens = sampleTokens(x, places, newest, { ...attributes, temperature, topP });
      const values = await numbers(tokens);
      tf.dispose([x, newest, places, tokens]);
      return all.map((i) => ({ id: values[2 * i]!, logprob: values[2 * i + 1]! }));
    }

    async function draw(logits: Numbers, count: number, temperature: number, topP: number) {
      const choices = await drawn(logits, count, temperature, topP);
      const ids = choices.map(({ id }) => id);
      const logprobs = choices.map(({ logprob }) => logprob);
      expect(ids.every((id) => Number.isInteger(id) && id >= 0 && id < logits.length)).toBe(true);
      expect(logprobs.every((p) => Number.isFinite(p) && p <= 1e-6)).toBe(true);
      return { ids, logprobs };
    }

    test('is done by a kernel', () => expect(samplesByKernel()).toBe(true));

    test.each([0, 0.01, 1])('of logits ±10,000 at temperature %f takes the largest', async (temperature) => {
      const { ids, logprobs } = await draw([-1e4, 0, 1e4, -1e4, 9_000], 16, temperature, 0.9);
      expect(ids).toEqual(Array<number>(16).fill(2));
      expect(Math.max(...logprobs.map(Math.abs))).toBe(0);
    });

    test.each([1, 0.5])('of equal logits at top-p %f draws all of them', async (topP) => {
      const { ids, logprobs } = await draw(Array<number>(7).fill(-1e4), 200, 1, topP);
      expect(new Set(ids).size).toBe(7);
      logprobs.forEach((p) => expect(p).toBeCloseTo(-Math.log(7), 2));
    });

    test.each([1, 0.9])('with one logit of −1e30 never draws it, top-p %f', async (topP) => {
      const { ids } = await draw([0, -1e30, 1, 0.5, 0], 200, 1, topP);
      expect([...new Set(ids)].toSorted()).toEqual([0, 2, 3, 4]);
    });

    // Masses are summed in float32, 65,536 of them by one of four threads: the token's place in the distribution must be
    // where the noise says to within what that rounds.
    test('of 262,144 logits', async () => {
      const logits = wave(262_144, 6);
      const { ids, logprobs } = await draw(logits, 16, 1, 1);
      const powers = logits.map((x) => Math.exp(x));
      const total = powers.reduce((a, b) => a + b, 0);
      ids.forEach((id, i) => {
        const below = powers.slice(0, id).reduce((a, b) => a + b, 0) / total;
        expect(noiseOf(i)).toBeGreaterThan(below - 1e-4);
        expect(noiseOf(i)).toBeLessThan(below + powers[id]! / total + 1e-4);
        expect(logprobs[i]).toBeCloseTo(Math.log(powers[id]! / total), 3);
      });
      expect(new Set(ids).size).toBe(16);
    });
  });

  test('no program was invalid', () => expect(failures).toEqual([]));
});
