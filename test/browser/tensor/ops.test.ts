import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { startBackend } from '../../../src/tensor/backend.ts';
import { useTable } from '../../../src/tensor/webgpu/adapter.ts';
import { composedAttention } from '../../../src/tensor/ops/attention/composed.ts';
import { attention, slidingSpans } from '../../../src/tensor/ops/attention/op.ts';
import { composedGlu } from '../../../src/tensor/ops/glu/composed.ts';
import { glu } from '../../../src/tensor/ops/glu/op.ts';
import { composedLinear } from '../../../src/tensor/ops/linear/composed.ts';
import { linear } from '../../../src/tensor/ops/linear/op.ts';
import type { LinearOptions } from '../../../src/tensor/ops/linear/options.ts';
import { composedRmsNorm } from '../../../src/tensor/ops/rms-norm/composed.ts';
import { rmsNorm } from '../../../src/tensor/ops/rms-norm/op.ts';
import { composedRotary } from '../../../src/tensor/ops/rotary/composed.ts';
import { rotary } from '../../../src/tensor/ops/rotary/op.ts';
import { composedTakeRows } from '../../../src/tensor/ops/take-rows/composed.ts';
import { takeRows } from '../../../src/tensor/ops/take-rows/op.ts';
import { composedTokenLogprob } from '../../../src/tensor/ops/token-logprob/composed.ts';
import { tokenLogprob } from '../../../src/tensor/ops/token-logprob/op.ts';
import { LONG } from '../../long.ts';

type Op = (inputs: Tensor[]) => Tensor;
type Shape = number[];

/** Two packed sequences, and one whose second half sees the first as a shared prefix. */
const spans = (n: number) =>
  tf.tensor2d(
    Array.from({ length: n }, (_, i) => {
      if (i < 5) return [0, 0, 0];
      if (i < 9) return [0, 0, 5];
      return i < n - 4 ? [5, 9, 9] : [5, 9, n - 4];
    }),
    [n, 3],
    'int32',
  );

const integers = (values: number[]) => tf.tensor1d(values, 'int32');
const random = (shape: Shape, seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed);

interface Case {
  name: string;
  shapes: Shape[];
  fused: Op;
  composed: Op;
}

function attentionCase(heads: number, kvHeads: number, headSize: number, n: number, window?: number): Case {
  const layout = { heads, kvHeads, headSize, scale: 1 / Math.sqrt(headSize) };
  const seen = () => (window ? slidingSpans(spans(n), window) : spans(n));
  return {
    name: `attention, ${heads} heads on ${kvHeads}, size ${headSize}, ${n} tokens, window ${window ?? 'none'}`,
    shapes: [[n, (heads + 2 * kvHeads) * headSize]],
    fused: ([qkv]) => attention(qkv as Tensor2D, seen(), layout),
    composed: ([qkv]) => composedAttention(qkv as Tensor2D, seen(), layout),
  };
}

function linearCase(m: number, n: number, k: number): Case {
  return {
    name: `linear ${m} × ${k} · ${k} × ${n}`,
    shapes: [
      [m, k],
      [n, k],
    ],
    fused: ([x, w]) => linear(x as Tensor2D, w as Tensor2D),
    composed: ([x, w]) => composedLinear(x as Tensor2D, w as Tensor2D),
  };
}

/** Weights beside each other, added to something. */
function linearsCase(m: number, k: number, widths: number[], scale = 1): Case {
  const width = widths.reduce((sum, n) => sum + n, 0);
  return joinedCase(`linear ${m} × ${k} · ${k} × (${widths.join(' + ')})`, m, k, widths, width, { scale });
}

/** LoRA's second factors: each block of x makes columns of its own, not all of y's where some have none. */
function blocksCase(m: number, k: number, widths: number[], blocks: number[], width: number): Case {
  const name = `blocks of ${m} × ${k} · ${k} × (${widths.join(' + ')}) at ${blocks.join(', ')} of ${width}`;
  return joinedCase(name, m, k * widths.length, widths, width, { scale: -0.5, blocks }, k);
}

function joinedCase(
  name: string,
  m: number,
  inputs: number,
  widths: number[],
  width: number,
  options: LinearOptions,
  depth = inputs,
): Case {
  const op =
    (product: typeof composedLinear): Op =>
    ([x, addend, ...weights]) =>
      product(x as Tensor2D, weights as Tensor2D[], { ...options, addend: addend as Tensor2D });
  return {
    name,
    shapes: [[m, inputs], [m, width], ...widths.map((n) => [n, depth])],
    fused: op(linear),
    composed: op(composedLinear),
  };
}

function normCase(rows: number, width: number): Case {
  return {
    name: `rms norm ${rows} × ${width}`,
    shapes: [[rows, width], [width]],
    fused: ([x, w]) => rmsNorm(x as Tensor2D, w as Tensor1D, 1e-6),
    composed: ([x, w]) => composedRmsNorm(x as Tensor2D, w as Tensor1D, 1e-6),
  };
}

function headNormCase(rows: number, heads: number, width: number, begin: number, end: number): Case {
  const op =
    (norm: typeof composedRmsNorm): Op =>
    ([x, w]) =>
      norm(x as Tensor2D, w as Tensor1D, 1e-6, { begin, end });
  return {
    name: `rms norm of heads ${begin} to ${end} of ${heads}, ${rows} × ${width}`,
    shapes: [[rows, heads * width], [width]],
    fused: op(rmsNorm),
    composed: op(composedRmsNorm),
  };
}

function rotaryCase(width: number, size: number, heads = width / size): Case {
  const table = () => random([4, size], 5) as Tensor2D;
  return {
    name: `rotary, ${heads} heads of ${size} in ${width}`,
    shapes: [[3, width]],
    fused: ([x]) => rotary(x as Tensor2D, integers([0, 3, 1]), table(), heads),
    composed: ([x]) => composedRotary(x as Tensor2D, integers([0, 3, 1]), table(), heads),
  };
}

function gluCase(activation: 'silu' | 'gelu', rows: number, width: number): Case {
  return {
    name: `gated linear unit, ${activation}, ${rows} × ${width}`,
    shapes: [[rows, 2 * width]],
    fused: ([x]) => glu(x as Tensor2D, activation),
    composed: ([x]) => composedGlu(x as Tensor2D, activation),
  };
}

function takeRowsCase(width: number): Case {
  const taken = () => integers([5, 0, 5, 2]);
  return {
    name: `take rows of ${width}, one of them twice`,
    shapes: [[6, width]],
    fused: ([table]) => takeRows(table as Tensor2D, taken()),
    composed: ([table]) => composedTakeRows(table as Tensor2D, taken()),
  };
}

function tokenLogprobCase(rows: number, vocabulary: number, width: number): Case {
  const targets = () => integers(Array.from({ length: rows }, (_, i) => (i * 31) % vocabulary));
  return {
    name: `token logprob, ${rows} × ${width} over ${vocabulary}`,
    shapes: [
      [rows, width],
      [vocabulary, width],
    ],
    fused: ([h, w]) => tokenLogprob(h as Tensor2D, w as Tensor2D, targets()),
    composed: ([h, w]) => composedTokenLogprob(h as Tensor2D, w as Tensor2D, targets()),
  };
}

const cases: Case[] = [
  linearCase(1, 8, 4),
  linearCase(3, 13, 7),
  linearCase(65, 32, 600),
  attentionCase(5, 5, 16, 17),
  attentionCase(4, 2, 32, 40),
  attentionCase(2, 1, 16, 40, 6),
  linearCase(17, 36, 20),
  normCase(7, 64),
  normCase(1, 4),
  normCase(65, 1152),
  rotaryCase(64, 32),
  rotaryCase(160, 32, 3),
  headNormCase(3, 5, 16, 0, 3),
  headNormCase(9, 4, 256, 3, 4),
  linearsCase(1, 160, [160, 32, 32]),
  linearsCase(7, 36, [8, 20], 0.25),
  linearsCase(41, 64, [64], 2),
  linearsCase(50, 40, [36, 4, 100], 3),
  blocksCase(5, 8, [160, 32, 32], [0, 160, 192], 224),
  blocksCase(37, 16, [20, 36], [0, 20], 56),
  blocksCase(37, 4, [20, 36], [0, 40], 76),
  blocksCase(18, 8, [12], [20], 40),
  gluCase('silu', 5, 36),
  gluCase('gelu', 5, 36),
  takeRowsCase(8),
  tokenLogprobCase(150, 72, 32),
];

/** SwiftShader takes seconds for each. */
const large: Case[] = [linearCase(130, 161, 33), linearCase(33, 164, 432), attentionCase(4, 1, 256, 24)];

/** Sizes that no model has: the kernels take four numbers at a time, and must take what is left alone. */
const odd: Case[] = [
  normCase(3, 7),
  normCase(5, 2),
  rotaryCase(48, 12),
  rotaryCase(8, 2),
  rotaryCase(36, 12, 2),
  headNormCase(4, 3, 7, 1, 2),
  gluCase('silu', 1, 7),
  gluCase('gelu', 3, 431),
  takeRowsCase(6),
  tokenLogprobCase(11, 9, 5),
  linearsCase(6, 7, [5, 3, 9]),
  blocksCase(6, 2, [8, 4], [0, 8], 12),
  blocksCase(6, 3, [8, 4], [0, 8], 12),
];

/** The operation that a case is about: the first word of its name. */
const opOf = (name: string) => name.split(' ', 1)[0];

/** Output and gradients of Σ output∘weights with respect to each input. */
async function valueAndGradients(op: Op, inputs: Tensor[]): Promise<Float32Array[]> {
  const output = tf.tidy(() => op(inputs));
  const weights = random(output.shape, 99);
  const gradients = tf.grads((...xs: Tensor[]) => tf.sum(tf.mul(op(xs), weights)))(inputs);
  const all = [output, ...gradients];
  const values = await Promise.all(all.map(async (x) => (await x.data()) as Float32Array));
  tf.dispose([...all, weights]);
  return values;
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  const scale = a.reduce((max, x) => Math.max(max, Math.abs(x)), 1);
  return a.reduce((max, x, i) => Math.max(max, Math.abs(x - (b[i] as number)) / scale), 0);
}

describe.each([
  ['wasm', 'none'],
  ['webgpu', 'software'],
  ['webgpu', 'hardware'],
] as const)('fused kernels agree with the composed ops on %s, adapter table: %s', (backend, table) => {
  const failures: string[] = [];
  beforeAll(async () => {
    await startBackend(backend, (message) => failures.push(message));
    if (table !== 'none') useTable(table);
  });

  const all = [...cases, ...odd, ...(LONG || backend === 'wasm' ? large : [])];
  const firstOfEach = all.filter(
    ({ name }, i) => all.findIndex((one) => opOf(one.name) === opOf(name)) === i,
  );
  test.each(table === 'hardware' && !LONG ? firstOfEach : all)(
    '$name',
    async ({ shapes, fused, composed }) => {
      const inputs = shapes.map((shape, i) => random(shape, i + 1));
      const before = tf.memory().numTensors;
      const ours = await valueAndGradients(fused, inputs);
      expect(tf.memory().numTensors - before).toBeLessThanOrEqual(0);
      const oracle = await valueAndGradients(composed, inputs);
      ours.forEach((values, i) => {
        expect(values.some((x) => x !== 0)).toBe(true);
        expect(largestDifference(values, oracle[i] as Float32Array)).toBeLessThan(2e-6 * 50);
      });
      tf.dispose(inputs);
    },
  );

  test('matrices that do not fit each other are refused', () => {
    const [x, wide, addend] = [tf.zeros([2, 8]), tf.zeros([2, 12]), tf.zeros([2, 8])] as Tensor2D[];
    const [a, b] = [tf.zeros([8, 8]), tf.zeros([4, 4])] as Tensor2D[];
    const halves = [tf.zeros([8, 4]), b] as Tensor2D[];
    expect(() => linear(wide!, a!)).toThrow('do not fit an input of 12 columns');
    expect(() => linear(x!, [a!, b!])).toThrow('do not fit an input');
    expect(() => linear(x!, a!, { addend: wide! })).toThrow('2 × 12 cannot be added to 2 × 8');
    expect(() => linear(x!, halves, { addend: wide!, blocks: [8, 0] })).toThrow('at 8, 0 do not fit');
    expect(() => linear(x!, halves, { addend: addend!, blocks: [0, 8] })).toThrow('output of 8 columns');
    tf.dispose([x!, wide!, addend!, a!, b!, halves[0]!]);
  });

  test('no program was invalid', () => expect(failures).toEqual([]));
});

describe('fused WASM kernels', () => {
  beforeAll(() => tf.setBackend('wasm'));

  test("a row's product does not depend on its batch, to the last bit", async () => {
    const x = random([9, 160], 1) as Tensor2D;
    const w = random([40, 160], 2) as Tensor2D;
    const whole = (await linear(x, w).data()) as Float32Array;
    for (let row = 0; row < 9; row++) {
      const alone = (await linear(tf.slice(x, [row, 0], [1, 160]), w).data()) as Float32Array;
      expect([...alone]).toEqual([...whole.slice(row * 40, row * 40 + 40)]);
    }
  });

  test('extremes give numbers', async () => {
    const hidden = tf.mul<Tensor2D>(random([4, 32], 1), 1e4);
    const head = random([64, 32], 2) as Tensor2D;
    const values = await tokenLogprob(hidden, head, integers([0, 1, 2, 63])).data();
    expect([...values].every((x) => Number.isFinite(x) && x <= 0)).toBe(true);
  });
});
