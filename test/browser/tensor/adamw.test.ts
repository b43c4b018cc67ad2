import * as tf from '@tensorflow/tfjs-core';
import type { Variable } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { startBackend } from '../../../src/tensor/backend.ts';
import { composedAdamw, composedSumOfSquares } from '../../../src/tensor/ops/adamw/composed.ts';
import { adamw, NORM_EPSILON } from '../../../src/tensor/ops/adamw/op.ts';
import type { AdamWUpdate } from '../../../src/tensor/ops/adamw/update.ts';

const SHAPES = [[7], [12, 20], [1], [64, 33]];
const OPTIONS = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, maxGradNorm: 1 };

const normal = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed);

function parameters(): AdamWUpdate[] {
  return SHAPES.map((shape, i) => ({
    weight: tf.tidy(() => tf.variable(normal(shape, 1 + i))),
    gradient: normal(shape, 10 + i),
    m: tf.tidy(() => tf.variable(tf.zeros(shape))),
    v: tf.tidy(() => tf.variable(tf.zeros(shape))),
    weightDecay: shape.length > 1 ? 0.1 : 0,
  }));
}

const disposeAll = (updates: AdamWUpdate[]) =>
  tf.dispose(updates.flatMap(({ weight, gradient, m, v }) => [weight, gradient, m, v]));
const values = async (x: Variable) => Array.from((await x.data()) as Float32Array);

describe.each(['wasm', 'webgpu'] as const)('AdamW on %s', (backend) => {
  const failures: string[] = [];
  beforeAll(() => startBackend(backend, (message) => failures.push(message)));

  test.each([1, 1e6])(
    'three steps, clipped at a norm of %f, are those of the stock operations',
    async (maxGradNorm) => {
      const options = { ...OPTIONS, maxGradNorm };
      const [ours, stock] = [parameters(), parameters()];
      const before = tf.memory().numTensors;
      for (let step = 1; step <= 3; step++) {
        const norm = await adamw(ours, { ...options, step });
        const expected = Math.sqrt(await composedSumOfSquares(stock.map(({ gradient }) => gradient)));
        expect(norm / expected).toBeCloseTo(1, 5);
        const clip = Math.min(1, maxGradNorm / (expected + NORM_EPSILON));
        for (const update of stock) composedAdamw(update, { ...options, step }, clip);
        // Read after every step: what is read must be what the step has written.
        for (const [i, { weight }] of ours.entries()) {
          const [a, b] = [await values(weight), await values(stock[i]!.weight)];
          a.forEach((x, at) => expect(Math.abs(x - b[at]!)).toBeLessThan(2e-6));
        }
      }
      expect(tf.memory().numTensors).toBe(before);
      disposeAll([...ours, ...stock]);
    },
  );

  test('a gradient that is not finite changes nothing', async () => {
    const updates = parameters();
    const weights = await values(updates[1]!.weight);
    updates[3]!.gradient.dispose();
    updates[3]!.gradient = tf.fill(SHAPES[3]!, NaN);
    expect(await adamw(updates, { ...OPTIONS, step: 1 })).toBeNaN();
    expect(await values(updates[1]!.weight)).toEqual(weights);
    expect((await values(updates[1]!.m)).every((x) => x === 0)).toBe(true);
    disposeAll(updates);
  });

  test('no program was invalid', () => expect(failures).toEqual([]));
});
