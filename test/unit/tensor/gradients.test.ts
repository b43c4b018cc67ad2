// The whole of TensorFlow.js, with its CPU backend: an oracle that shares no kernel with the engine's backends.
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { composedAttention } from '../../../src/tensor/ops/attention/composed.ts';
import { composedGlu } from '../../../src/tensor/ops/glu/composed.ts';
import { composedLinear } from '../../../src/tensor/ops/linear/composed.ts';
import { composedRmsNorm } from '../../../src/tensor/ops/rms-norm/composed.ts';
import { composedRotary } from '../../../src/tensor/ops/rotary/composed.ts';
import { composedTakeRows } from '../../../src/tensor/ops/take-rows/composed.ts';
import { composedTokenLogprob } from '../../../src/tensor/ops/token-logprob/composed.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const integers = (values: number[]) => tf.tensor1d(values, 'int32');

interface Case {
  name: string;
  shapes: number[][];
  op: (inputs: tf.Tensor[]) => tf.Tensor;
}

const layout = { heads: 2, kvHeads: 1, headSize: 4, scale: 0.5 };
// Two tokens of a shared prefix, then two completions of two tokens each.
const spans = tf.tensor2d([0, 0, 0, 0, 0, 0, 0, 2, 2, 0, 2, 2, 0, 2, 4, 0, 2, 4], [6, 3], 'int32');

const cases: Case[] = [
  {
    name: 'attention with a shared prefix and grouped queries',
    shapes: [[6, 16]],
    op: ([qkv]) => composedAttention(qkv as tf.Tensor2D, spans, layout),
  },
  {
    name: 'RMSNorm',
    shapes: [[3, 8], [8]],
    op: ([x, w]) => composedRmsNorm(x as tf.Tensor2D, w as tf.Tensor1D, 1e-6),
  },
  {
    name: 'RMSNorm of the second head of three',
    shapes: [[2, 12], [4]],
    op: ([x, w]) => composedRmsNorm(x as tf.Tensor2D, w as tf.Tensor1D, 1e-6, { begin: 1, end: 2 }),
  },
  {
    name: 'blocks of a diagonal, added to a product of two matrices beside each other',
    shapes: [
      [2, 3],
      [4, 3],
      [2, 3],
      [2, 4],
      [4, 2],
      [2, 2],
    ],
    op: ([x, w, v, low, a, b]) => {
      const addend = composedLinear(x as tf.Tensor2D, [w, v] as tf.Tensor2D[]);
      const options = { addend, scale: 0.5, blocks: [0, 4] };
      return composedLinear(low as tf.Tensor2D, [a, b] as tf.Tensor2D[], options);
    },
  },
  {
    name: 'rotary, one of three heads stays',
    shapes: [[3, 12]],
    op: ([x]) =>
      composedRotary(x as tf.Tensor2D, integers([0, 2, 1]), tf.randomNormal([3, 4], 0, 1, 'float32', 3), 2),
  },
  ...(['silu', 'gelu'] as const).map((activation) => ({
    name: `gated linear unit, ${activation}`,
    shapes: [[2, 8]],
    op: ([x]: tf.Tensor[]) => composedGlu(x as tf.Tensor2D, activation),
  })),
  {
    name: 'rows of a table, one twice',
    shapes: [[4, 3]],
    op: ([table]) => composedTakeRows(table as tf.Tensor2D, integers([3, 1, 3])),
  },
  {
    name: 'token log-probability',
    shapes: [
      [3, 4],
      [5, 4],
    ],
    op: ([hidden, head]) =>
      composedTokenLogprob(hidden as tf.Tensor2D, head as tf.Tensor2D, integers([0, 4, 2])),
  },
];

/** Σ op(inputs) ∘ weights: one number whose gradient exercises every element of the output. */
function score(op: Case['op'], inputs: tf.Tensor[]): tf.Scalar {
  const output = op(inputs);
  const weights = tf.randomNormal(output.shape, 0, 1, 'float32', 77);
  return tf.sum(tf.mul(output, weights));
}

async function valueAt(op: Case['op'], inputs: tf.Tensor[]): Promise<number> {
  const [value] = await tf.tidy(() => score(op, inputs)).data();
  return value as number;
}

describe('gradients against central differences', () => {
  test.each(cases)('$name', async ({ shapes, op }) => {
    const inputs = shapes.map((shape, i) => tf.randomNormal(shape, 0, 1, 'float32', i + 1));
    const gradients = tf.grads((...xs: tf.Tensor[]) => score(op, xs))(inputs);
    for (const [i, input] of inputs.entries()) {
      const values = await input.data();
      const gradient = await (gradients[i] as tf.Tensor).data();
      for (let element = 0; element < values.length; element++) {
        const moved = (by: number) => {
          const copy = Float32Array.from(values);
          copy[element] = (copy[element] as number) + by;
          return inputs.map((x, j) => (j === i ? tf.tensor(copy, input.shape) : x));
        };
        const step = 1e-2;
        const slope = ((await valueAt(op, moved(step))) - (await valueAt(op, moved(-step)))) / (2 * step);
        // float32 values and a third-order error: a few parts in a thousand
        expect(Math.abs(slope - (gradient[element] as number))).toBeLessThan(5e-3 * (1 + Math.abs(slope)));
      }
    }
  });
});

afterAll(() => {
  tf.disposeVariables();
});
