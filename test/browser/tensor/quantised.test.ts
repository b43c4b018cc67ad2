import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { dequantise } from '../../../src/model/formats/dequantise.ts';
import { floatToHalf } from '../../../src/model/formats/half.ts';
import { BLOCKS } from '../../../src/model/formats/weight-source.ts';
import { startBackend } from '../../../src/tensor/backend.ts';
import { composedLinear } from '../../../src/tensor/ops/linear/composed.ts';
import { linear } from '../../../src/tensor/ops/linear/op.ts';
import { takeRows } from '../../../src/tensor/ops/take-rows/op.ts';
import { composedTokenLogprob } from '../../../src/tensor/ops/token-logprob/composed.ts';
import { tokenLogprob } from '../../../src/tensor/ops/token-logprob/op.ts';
import { packedBytes, PackedWeightError, type PackedFormat } from '../../../src/tensor/quantised.ts';
import { useTable } from '../../../src/tensor/webgpu/adapter.ts';
import { packedWeight, type PackedWeight } from '../../../src/tensor/weight.ts';
import { WEBGPU_TABLES } from '../../long.ts';

const FORMATS: PackedFormat[] = ['f16', 'bf16', 'q8_0', 'q4_0', 'q4_k', 'q5_0', 'q5_k', 'q6_k'];
const ROWS = 24;
const WIDTH = 512;

/** Where a block of each format holds its half-precision scales; all other bytes may be anything. */
const HALVES: Partial<Record<PackedFormat, number[]>> = {
  q8_0: [0],
  q4_0: [0],
  q5_0: [0],
  q4_k: [0, 2],
  q5_k: [0, 2],
  q6_k: [208],
};

/** Blocks of random bits. Every third scale is a subnormal half, as of a row of small weights. */
function randomBlocks(format: PackedFormat, elements: number): Uint8Array {
  const { bytes: size, values } = BLOCKS[format];
  const bytes = new Uint8Array((elements / values) * size);
  let state = 12345;
  const next = () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 8;
  const view = new DataView(bytes.buffer);
  if (format === 'bf16' || format === 'f16') {
    for (let i = 0; i < elements; i++) {
      const value = ((next() % 2001) - 1000) * (i % 3 === 0 ? 1e-8 : 1e-3);
      const bits = new Uint32Array(new Float32Array([value]).buffer);
      view.setUint16(i * 2, format === 'f16' ? floatToHalf(value) : bits[0]! >>> 16, true);
    }
    return bytes;
  }
  for (let i = 0; i < bytes.length; i++) bytes[i] = next();
  for (let block = 0; block < bytes.length / size; block++) {
    for (const at of HALVES[format] ?? []) {
      view.setUint16(block * size + at, floatToHalf(block % 3 === 0 ? 3e-5 : 2e-3 + 1e-5 * block), true);
    }
  }
  return bytes;
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  expect(a.some((x) => x !== 0)).toBe(true);
  const scale = b.reduce((max, x) => Math.max(max, Math.abs(x)), 1e-30);
  return a.reduce((max, x, i) => Math.max(max, Math.abs(x - b[i]!) / scale), 0);
}

const random = (shape: [number, number], seed: number) =>
  tf.randomNormal<tf.Rank.R2>(shape, 0, 1, 'float32', seed);
const integers = (values: number[]) => tf.tensor1d(values, 'int32');
const floats = async (x: tf.Tensor) => (await x.data()) as Float32Array;

describe('weights that stay quantised on the GPU', () => {
  const failures: string[] = [];
  beforeAll(() => startBackend('webgpu', (message) => failures.push(message)));
  afterEach(() => expect(failures).toEqual([]));

  describe.each(FORMATS)('%s', (format) => {
    let packed: PackedWeight;
    let values: Tensor2D;
    beforeAll(() => {
      const raw = randomBlocks(format, ROWS * WIDTH);
      packed = packedWeight(raw, format, [ROWS, WIDTH]);
      values = tf.tensor2d(dequantise(raw, format), [ROWS, WIDTH]);
    });
    afterAll(() => tf.dispose([packed.words, values]));

    test('takes the bytes that were announced', () => {
      expect(packed.words.size * 4).toBe(packedBytes(format, ROWS * WIDTH));
      const { bytes, values: count } = BLOCKS[format];
      expect(packed.words.size * 4).toBeLessThanOrEqual(((ROWS * WIDTH) / count) * (bytes + 4));
    });

    test('rows unfold to the very numbers of the file', async () => {
      const rows = integers(Array.from({ length: ROWS }, (_, i) => (i * 7) % ROWS));
      const [ours, oracle] = [takeRows(packed, rows), tf.gather(values, rows)];
      expect(largestDifference(await floats(ours), await floats(oracle))).toBeLessThan(2e-7);
      // Subnormal scales count: relative to the row they stand in, not to the largest weight.
      const small = (await floats(oracle)).findIndex((x) => x !== 0 && Math.abs(x) < 1e-4);
      expect((await floats(ours))[small]! / (await floats(oracle))[small]!).toBeCloseTo(1, 5);
      tf.dispose([rows, ours, oracle]);
    });

    test.each([1, 18])('the product with %i rows, and its gradient', async (rows) => {
      const x = random([rows, WIDTH], 1);
      const weights = random([rows, ROWS], 2);
      const before = tf.memory().numTensors;
      const gradient = tf.grad((input) => tf.sum(tf.mul(linear(input as Tensor2D, packed), weights)));
      const [y, dx] = [linear(x, packed), gradient(x)];
      expect(tf.memory().numTensors - before).toBe(2);
      const oracle = tf.grad((input) => tf.sum(tf.mul(composedLinear(input as Tensor2D, values), weights)));
      const [y0, dx0] = [composedLinear(x, values), oracle(x)];
      expect(largestDifference(await floats(y), await floats(y0))).toBeLessThan(1e-5);
      expect(largestDifference(await floats(dx), await floats(dx0))).toBeLessThan(1e-5);
      tf.dispose([x, weights, y, dx, y0, dx0]);
    });

    test('log-probabilities over it as a head, and their gradient', async () => {
      const hidden = random([7, WIDTH], 3);
      const targets = integers([0, 5, 23, 5, 11, 2, 19]);
      const logprob = (h: Tensor2D): Tensor1D => tokenLogprob(h, packed, targets);
      const [p, dp] = [logprob(hidden), tf.grad((h) => tf.sum(logprob(h as Tensor2D)))(hidden)];
      const composed = (h: Tensor2D): Tensor1D => composedTokenLogprob(h, values, targets);
      const [p0, dp0] = [composed(hidden), tf.grad((h) => tf.sum(composed(h as Tensor2D)))(hidden)];
      expect(largestDifference(await floats(p), await floats(p0))).toBeLessThan(1e-5);
      expect(largestDifference(await floats(dp), await floats(dp0))).toBeLessThan(2e-5);
      tf.dispose([hidden, targets, p, dp, p0, dp0]);
    });

    test('a scale that is not finite is refused', () => {
      const raw = randomBlocks(format, ROWS * WIDTH);
      new DataView(raw.buffer).setUint16(HALVES[format]?.[0] ?? 0, format === 'bf16' ? 0x7fc0 : 0x7e00, true);
      expect(() => packedWeight(raw, format, [ROWS, WIDTH])).toThrow(PackedWeightError);
    });
  });

  // A Q4_K_M file has q4_k beside q6_k; a model's small matrices may be float32 beside both.
  describe.each(WEBGPU_TABLES)('formats beside each other, adapter table: %s', (table) => {
    beforeAll(() => useTable(table));
    afterAll(() => useTable('software'));

    test.each([1, 18])('the product with %i rows, and its gradient', async (rows) => {
      const formats = ['q4_k', 'q6_k'] as const;
      const raws = formats.map((format) => randomBlocks(format, ROWS * WIDTH));
      const packed = formats.map((format, i) => packedWeight(raws[i]!, format, [ROWS, WIDTH]));
      const values = formats.map((format, i) => tf.tensor2d(dequantise(raws[i]!, format), [ROWS, WIDTH]));
      const plain = tf.mul<Tensor2D>(random([8, WIDTH], 3), 0.1);
      const x = random([rows, WIDTH], 1);
      const addend = random([rows, 2 * ROWS + 8], 2);
      const weights = random([rows, 2 * ROWS + 8], 4);
      const before = tf.memory().numTensors;
      const ours = (input: tf.Tensor, w: tf.Tensor) =>
        linear(input as Tensor2D, [packed[0]!, w as Tensor2D, packed[1]!], { addend, scale: 2 });
      const oracle = (input: tf.Tensor, w: tf.Tensor) =>
        composedLinear(input as Tensor2D, [values[0]!, w as Tensor2D, values[1]!], { addend, scale: 2 });
      const all = (op: typeof ours) => [
        op(x, plain),
        ...tf.grads((a, b) => tf.sum(tf.mul(op(a, b), weights)))([x, plain]),
      ];
      const found = all(ours);
      expect(tf.memory().numTensors - before).toBe(3);
      const expected = all(oracle);
      for (const [i, tensor] of found.entries()) {
        expect(largestDifference(await floats(tensor), await floats(expected[i]!))).toBeLessThan(1e-5);
      }
      tf.dispose([packed.map(({ words }) => words), values, plain, x, addend, weights, found, expected]);
    });
  });

  test('bytes that are missing are refused', () => {
    expect(() => packedWeight(new Uint8Array(34 * 15), 'q8_0', [4, 128])).toThrow(/has 544 bytes, not 510/);
  });

  test('a row that ends inside a block is refused', () => {
    expect(() => packedWeight(new Uint8Array(4 * 144), 'q4_k', [4, 320])).toThrow(PackedWeightError);
  });
});
