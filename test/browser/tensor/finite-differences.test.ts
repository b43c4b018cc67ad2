import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { dequantise } from '../../../src/model/formats/dequantise.ts';
import { floatToHalf } from '../../../src/model/formats/half.ts';
import { startBackend } from '../../../src/tensor/backend.ts';
import { attention, slidingSpans } from '../../../src/tensor/ops/attention/op.ts';
import { glu } from '../../../src/tensor/ops/glu/op.ts';
import { linear } from '../../../src/tensor/ops/linear/op.ts';
import { rmsNorm } from '../../../src/tensor/ops/rms-norm/op.ts';
import { rotary } from '../../../src/tensor/ops/rotary/op.ts';
import { takeRows } from '../../../src/tensor/ops/take-rows/op.ts';
import { tokenLogprob } from '../../../src/tensor/ops/token-logprob/op.ts';
import { packedWeight } from '../../../src/tensor/weight.ts';
import { useTable } from '../../../src/tensor/webgpu/adapter.ts';
import {
  attention64,
  glu64,
  inner,
  linear64,
  rmsNorm64,
  rotary64,
  takeRows64,
  tokenLogprob64,
  type Numbers,
} from './float64.ts';
import { TABLES } from '../../long.ts';

/**
 * Step of the central difference (f(x + εd) − f(x − εd)) / 2ε of f in float64: it errs by about ε² = 1e-10 for what the
 * parabola leaves out, and by 1e-16 · |f| / ε = 1e-11 · |f| for rounding. Both are far below the gradient's own float32.
 */
const STEP = 1e-5;

/**
 * Allowed difference of ⟨∇x, d⟩ from the difference quotient, in standard deviations of ⟨∇x, d⟩ over directions d, which are
 * |∇x|. Gradients in float32 were seen to be off by 5.3e-7 at most, three backends and tables together; one that is wrong by
 * a thousandth shows as about 1e-3, one without a term as 0.1 and more (see the last tests).
 */
const TOLERANCE = 5e-6;

const DIRECTIONS = 3;

interface Case {
  name: string;
  shapes: number[][];
  /** The op, its gradients by the backend. */
  op: (inputs: Tensor[]) => Tensor;
  /** The same by its equation, in float64. */
  reference: (...inputs: Numbers[]) => number[];
}

const integers = (values: Numbers) => tf.tensor1d([...values], 'int32');
const normal = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed);
const numbers = async (x: Tensor): Promise<number[]> => Array.from((await x.data()) as Float32Array);
const normals = async (count: number, seed: number): Promise<number[]> => {
  const x = normal([count], seed);
  const values = await numbers(x);
  x.dispose();
  return values;
};

function linearCase(rows: number, depth: number, width: number): Case {
  return {
    name: `linear ${rows} × ${depth} · ${depth} × ${width}`,
    shapes: [
      [rows, depth],
      [width, depth],
    ],
    op: ([x, w]) => linear(x as Tensor2D, w as Tensor2D),
    reference: (x, w) => linear64(x, w, depth),
  };
}

/** y = addend + scale · x · (W₀ | W₁)ᵀ; of blocks, weight i reads block i of x's columns and has its place among y's. */
function joinedCase(rows: number, depth: number, widths: number[], blocks?: number[]): Case {
  const width = widths.reduce((sum, n) => sum + n, 0);
  const scale = -0.75;
  const inputs = blocks ? depth * widths.length : depth;
  const begins = blocks ?? widths.map((_, i) => widths.slice(0, i).reduce((sum, n) => sum + n, 0));
  return {
    name: `linear ${rows} × ${depth} · (${widths.join(' + ')}), ${blocks ? 'blocks' : 'side by side'}`,
    shapes: [[rows, inputs], [rows, width], ...widths.map((n) => [n, depth])],
    op: ([x, addend, ...weights]) =>
      linear(x as Tensor2D, weights as Tensor2D[], {
        addend: addend as Tensor2D,
        scale,
        ...(blocks && { blocks }),
      }),
    reference: (x, addend, ...weights) => {
      const y = [...addend];
      weights.forEach((w, i) => {
        const own = blocks ? columns(x, inputs, i * depth, depth) : x;
        linear64(own, w, depth).forEach((value, at) => {
          const [row, column] = [Math.floor(at / widths[i]!), at % widths[i]!];
          y[row * width + begins[i]! + column]! += scale * value;
        });
      });
      return y;
    },
  };
}

const columns = (x: Numbers, width: number, begin: number, count: number) =>
  x.filter((_, at) => at % width >= begin && at % width < begin + count);

/** Of a row of heads, those from `begin` to before `end` are normalised. */
function headNormCase(rows: number, heads: number, width: number, begin: number, end: number): Case {
  return {
    name: `rms norm of heads ${begin} to ${end} of ${heads}, ${rows} × ${width}`,
    shapes: [[rows, heads * width], [width]],
    op: ([x, w]) => rmsNorm(x as Tensor2D, w as Tensor1D, 1e-6, { begin, end }),
    reference: (x, w) => {
      const whole = rmsNorm64(x, w, 1e-6);
      const meant = (at: number) =>
        Math.floor(at / width) % heads >= begin && Math.floor(at / width) % heads < end;
      return x.map((value, at) => (meant(at) ? whole[at]! : value));
    },
  };
}

function normCase(rows: number, width: number, epsilon: number): Case {
  return {
    name: `rms norm ${rows} × ${width}, ε = ${epsilon}`,
    shapes: [[rows, width], [width]],
    op: ([x, w]) => rmsNorm(x as Tensor2D, w as Tensor1D, epsilon),
    reference: (x, w) => rmsNorm64(x, w, epsilon),
  };
}

function rotaryCase(heads: number, headSize: number): Case {
  const positions = [0, 3, 1, 3];
  const table = Array.from({ length: 2 * headSize }, (_, i) => [Math.cos(i), Math.sin(i)]).flat();
  const float32 = [...Float32Array.from(table)];
  return {
    name: `rotary, ${heads} heads of ${headSize}`,
    shapes: [[positions.length, heads * headSize]],
    op: ([x]) => rotary(x as Tensor2D, integers(positions), tf.tensor2d(table, [4, headSize]), heads),
    reference: (x) => rotary64(x, positions, float32, headSize),
  };
}

function gluCase(activation: 'silu' | 'gelu', rows: number, width: number): Case {
  return {
    name: `gated linear unit, ${activation}, ${rows} × ${width}`,
    shapes: [[rows, 2 * width]],
    op: ([x]) => glu(x as Tensor2D, activation),
    reference: (x) => glu64(x, width, activation),
  };
}

/** A sequence, and two completions that share it as their prompt. */
const SPANS = [
  ...Array.from({ length: 7 }, () => [0, 0, 0]),
  ...Array.from({ length: 5 }, () => [0, 7, 7]),
  ...Array.from({ length: 4 }, () => [0, 7, 12]),
];

/** The same where a token sees `window` positions, its own among them: a completion stands behind its prompt. */
function windowed(window: number): number[][] {
  return SPANS.map(([start, end, own], i) => {
    const oldest = i - window + 1;
    return [Math.min(Math.max(start!, end! - own! + oldest), end!), end!, Math.max(own!, oldest)];
  });
}

function attentionCase(heads: number, kvHeads: number, headSize: number, window?: number): Case {
  const layout = { heads, kvHeads, headSize, scale: 1 / Math.sqrt(headSize) };
  const spans = () => tf.tensor2d(SPANS, [SPANS.length, 3], 'int32');
  return {
    name: `attention, ${heads} heads on ${kvHeads} of ${headSize}, window ${window ?? 'none'}`,
    shapes: [[SPANS.length, (heads + 2 * kvHeads) * headSize]],
    op: ([qkv]) => attention(qkv as Tensor2D, window ? slidingSpans(spans(), window) : spans(), layout),
    reference: (qkv) => attention64(qkv, window ? windowed(window) : SPANS, layout),
  };
}

function takeRowsCase(width: number): Case {
  const rows = [5, 0, 5, 2, 5];
  return {
    name: `take rows of ${width}, one of them three times`,
    shapes: [[6, width]],
    op: ([table]) => takeRows(table as Tensor2D, integers(rows)),
    reference: (table) => takeRows64(table, rows, width),
  };
}

function tokenLogprobCase(rows: number, width: number, vocabulary: number): Case {
  const targets = Array.from({ length: rows }, (_, i) => (i * 31) % vocabulary);
  return {
    name: `token logprob ${rows} × ${width} over ${vocabulary}`,
    shapes: [
      [rows, width],
      [vocabulary, width],
    ],
    op: ([hidden, head]) => tokenLogprob(hidden as Tensor2D, head as Tensor2D, integers(targets)),
    reference: (hidden, head) => tokenLogprob64(hidden, head, targets),
  };
}

const CASES: Case[] = [
  linearCase(5, 12, 8),
  linearCase(19, 36, 20),
  linearCase(1, 7, 3),
  joinedCase(5, 12, [8, 4, 12]),
  joinedCase(19, 16, [36, 20]),
  joinedCase(3, 5, [3, 7]),
  joinedCase(5, 8, [8, 12], [0, 8]),
  joinedCase(3, 3, [5, 4], [0, 5]),
  normCase(5, 24, 1e-6),
  // An ε that weighs as much as the squares: forgetting it in the gradient shows.
  normCase(3, 7, 0.5),
  headNormCase(5, 4, 16, 1, 3),
  headNormCase(3, 3, 7, 0, 1),
  rotaryCase(3, 16),
  rotaryCase(2, 12),
  gluCase('silu', 3, 12),
  gluCase('gelu', 3, 12),
  gluCase('gelu', 1, 7),
  attentionCase(2, 2, 16),
  attentionCase(4, 2, 16, 4),
  attentionCase(2, 1, 32),
  takeRowsCase(8),
  takeRowsCase(5),
  tokenLogprobCase(9, 12, 40),
  tokenLogprobCase(1, 8, 12),
];

interface Check {
  /** Largest |kernel − reference| over the outputs, beside their root mean square. */
  value: number;
  /** For each input: largest error of ⟨∇x, d⟩ over the directions, beside |∇x|. */
  gradients: number[];
}

/** Compares an op and its gradients, contracted with a random cotangent u, with its reference. */
async function check({ shapes, op, reference }: Case): Promise<Check> {
  const inputs = shapes.map((shape, i) => normal(shape, 11 + i));
  const output = tf.tidy(() => op(inputs));
  const cotangent = normal(output.shape, 7);
  const gradients = tf.grads((...xs: Tensor[]) => tf.sum(tf.mul(op(xs), cotangent)))(inputs);
  const [x, u, y] = [await Promise.all(inputs.map(numbers)), await numbers(cotangent), await numbers(output)];
  const slopes = await Promise.all(gradients.map(numbers));
  tf.dispose([...inputs, output, cotangent, ...gradients]);
  const expected = reference(...x);
  const worst = Math.max(...y.map((value, i) => Math.abs(value - expected[i]!)));
  return {
    value: worst / Math.sqrt(inner(expected, expected) / expected.length),
    gradients: await Promise.all(slopes.map((slope, i) => error(slope, i, x, u, reference))),
  };
}

/** Largest |⟨∇x, d⟩ − ⟨u, f(x + εd) − f(x − εd)⟩ / 2ε| / |∇x| over random directions d of one input. */
async function error(slope: Numbers, at: number, x: Numbers[], u: Numbers, reference: Case['reference']) {
  const size = Math.sqrt(inner(slope, slope));
  const errors: number[] = [];
  for (let seed = 1; seed <= DIRECTIONS; seed++) {
    const direction = await normals(slope.length, 100 * at + seed);
    const moved = (step: number) =>
      inner(u, reference(...x.map((values, i) => (i === at ? along(values, direction, step) : values))));
    const quotient = (moved(STEP) - moved(-STEP)) / (2 * STEP);
    errors.push(Math.abs(inner(slope, direction) - quotient) / size);
  }
  return Math.max(...errors);
}

const along = (x: Numbers, direction: Numbers, step: number) =>
  x.map((value, i) => value + step * direction[i]!);

describe.each(TABLES)('gradients against finite differences on %s, adapter table: %s', (backend, table) => {
  const failures: string[] = [];
  beforeAll(async () => {
    await startBackend(backend, (message) => failures.push(message));
    if (table !== 'none') useTable(table);
  });

  test.each(CASES)('$name', async (one) => {
    const { value, gradients } = await check(one);
    expect(value).toBeLessThan(TOLERANCE);
    gradients.forEach((difference) => expect(difference).toBeLessThan(TOLERANCE));
    expect(gradients).toHaveLength(one.shapes.length);
  });

  test.each(backend === 'webgpu' ? (['linear', 'tokenLogprob'] as const) : [])(
    '%s over a weight that stays in Q8_0',
    async (name) => {
      const [rows, depth, width] = [5, 64, 24];
      const raw = q8Blocks((width * depth) / 32);
      const packed = packedWeight(raw, 'q8_0', [width, depth]);
      const w = [...dequantise(raw, 'q8_0')];
      const targets = [0, 5, 23, 5, 11];
      const { value, gradients } = await check({
        name,
        shapes: [[rows, depth]],
        op: ([x]) =>
          name === 'linear'
            ? linear(x as Tensor2D, packed)
            : tokenLogprob(x as Tensor2D, packed, integers(targets)),
        reference: (x) => (name === 'linear' ? linear64(x, w, depth) : tokenLogprob64(x, w, targets)),
      });
      packed.words.dispose();
      expect(value).toBeLessThan(TOLERANCE);
      expect(gradients[0]).toBeLessThan(TOLERANCE);
    },
  );

  test('no program was invalid', () => expect(failures).toEqual([]));
});

/** Blocks of 32 signed bytes behind a scale in half precision. */
function q8Blocks(count: number): Uint8Array {
  const bytes = new Uint8Array(count * 34);
  const view = new DataView(bytes.buffer);
  for (let block = 0; block < count; block++) {
    view.setUint16(block * 34, floatToHalf(0.005 + 0.0005 * (block % 7)), true);
    for (let i = 0; i < 32; i++) view.setInt8(block * 34 + 2 + i, (((block * 32 + i) * 7919) % 255) - 127);
  }
  return bytes;
}

/** x / √(mean(x²) + ε) ∘ w with a gradient of our own choice, to see that the check tells wrong ones apart. */
function normWithGradient(gradient: (dy: Tensor2D, scale: Tensor2D, x: Tensor2D) => Tensor2D): Case {
  const right = normCase(5, 24, 1e-6);
  const custom = tf.customGrad((x, w, save) => {
    (save as unknown as tf.GradSaveFunc)([x as Tensor, w as Tensor]);
    return {
      value: rmsNorm(x as Tensor2D, w as Tensor1D, 1e-6),
      gradFunc: (dy, saved) => {
        const [input, weight] = saved as [Tensor2D, Tensor1D];
        const scale = tf.rsqrt<Tensor2D>(tf.add(tf.mean(tf.square(input), 1, true), 1e-6));
        return [gradient(tf.mul<Tensor2D>(dy, weight), scale, input), tf.zerosLike(weight)];
      },
    };
  });
  return { ...right, op: ([x, w]) => custom(x!, w!) };
}

describe('a gradient that is wrong is told apart', () => {
  beforeAll(() => tf.setBackend('wasm'));

  // dx = r · (dy − x · r² · mean(dy∘x)), dy being w∘dy
  const pull = (dy: Tensor2D, scale: Tensor2D, x: Tensor2D) =>
    tf.mul<Tensor2D>(tf.mul(x, tf.square(scale)), tf.mean(tf.mul(dy, x), 1, true));
  test.each([
    ['right', (dy, scale, x) => tf.mul(scale, tf.sub(dy, pull(dy, scale, x))), false],
    ['without its second term', (dy, scale) => tf.mul(scale, dy), true],
    ['with the wrong sign', (dy, scale, x) => tf.mul(scale, tf.sub(pull(dy, scale, x), dy)), true],
    [
      'one thousandth too large',
      (dy, scale, x) => tf.mul(tf.mul(scale, 1.001), tf.sub(dy, pull(dy, scale, x))),
      true,
    ],
  ] as [string, Parameters<typeof normWithGradient>[0], boolean][])('%s', async (_, gradient, wrong) => {
    const { gradients } = await check(normWithGradient(gradient));
    if (wrong) expect(gradients[0]).toBeGreaterThan(10 * TOLERANCE);
    else expect(gradients[0]).toBeLessThan(TOLERANCE);
  });
});
