import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fitLogisticRegression,
  LogisticRegressionError,
  predictLogistic,
} from '../../../src/evaluate/logistic-regression.ts';

/** labs.md, lab 12. */
const ROWS = [
  [0, 1],
  [1, 0],
  [1, 1],
  [2, 1],
  [0, 0],
  [2, 0],
  [1, 2],
  [0, 2],
];
const OUTCOMES = [0, 1, 0, 1, 0, 1, 0, 1];
const SEPARABLE = { rows: [[1], [2], [3], [4]], outcomes: [0, 0, 1, 1] };
const separable = () => fitLogisticRegression(SEPARABLE.rows, SEPARABLE.outcomes, { C: Infinity });

describe('logistic regression', () => {
  it('has the known weights with a ridge of C = 1', () => {
    const { coefficients, intercept } = fitLogisticRegression(ROWS, OUTCOMES);
    expect(coefficients[0]).toBeCloseTo(0.674123, 6);
    expect(coefficients[1]).toBeCloseTo(-0.1487, 6);
    expect(intercept).toBeCloseTo(-0.456143, 6);
  });

  it('has the known weights as good as unpenalised, C = 1e6', () => {
    const { coefficients, intercept } = fitLogisticRegression(ROWS, OUTCOMES, { C: 1e6 });
    expect(coefficients[0]).toBeCloseTo(1.40624, 6);
    expect(coefficients[1]).toBeCloseTo(-0.173712, 6);
    expect(intercept).toBeCloseTo(-1.052961, 6);
  });

  it('comes to the limit of weak penalties without one', () => {
    const weak = fitLogisticRegression(ROWS, OUTCOMES, { C: 1e12 });
    const none = fitLogisticRegression(ROWS, OUTCOMES, { C: Infinity });
    none.coefficients.forEach((value, i) => expect(value).toBeCloseTo(weak.coefficients[i]!, 9));
  });

  it('has the closed form of a two-by-two table: log odds ratio, and its standard error', () => {
    const counts = [8, 4, 3, 9];
    const fit = fitLogisticRegression([[1], [1], [0], [0]], [1, 0, 1, 0], {
      C: Infinity,
      sampleWeights: counts,
    });
    expect(fit.intercept).toBeCloseTo(Math.log(3 / 9), 9);
    expect(fit.coefficients[0]).toBeCloseTo(Math.log((8 * 9) / (4 * 3)), 9);
    expect(fit.standardErrors[0]).toBeCloseTo(Math.sqrt(1 / 8 + 1 / 4 + 1 / 3 + 1 / 9), 9);
    expect(predictLogistic(fit, [1])).toBeCloseTo(8 / 12, 9);
  });

  it('takes a row of weight k for k rows, and one of weight 0 for none', () => {
    const sampleWeights = [1, 2, 3, 0, 1, 1, 2, 1];
    const repeat = <T>(list: T[]) => list.flatMap((value, i) => new Array<T>(sampleWeights[i]!).fill(value));
    const weighted = fitLogisticRegression(ROWS, OUTCOMES, { sampleWeights });
    const repeated = fitLogisticRegression(repeat(ROWS), repeat(OUTCOMES));
    weighted.coefficients.forEach((value, i) => expect(value).toBeCloseTo(repeated.coefficients[i]!, 12));
    expect(weighted.standardErrors[0]).toBeCloseTo(repeated.standardErrors[0]!, 12);
  });

  it('does not depend on the units of the columns without a penalty', () => {
    const scaled = ROWS.map(([x, y]) => [x! * 1e6, y! * 1e-6]);
    const { coefficients } = fitLogisticRegression(scaled, OUTCOMES, { C: Infinity });
    const plain = fitLogisticRegression(ROWS, OUTCOMES, { C: Infinity }).coefficients;
    expect(coefficients[0]! * 1e6).toBeCloseTo(plain[0]!, 9);
    expect(coefficients[1]! * 1e-6).toBeCloseTo(plain[1]!, 9);
  });

  it('leaves no slope: the gradient is 0 where it stops, whatever the rows', () => {
    const row = fc.tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: -50, max: 50 }));
    const cases = fc.array(fc.tuple(row, fc.constantFrom(0, 1)), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(cases, fc.constantFrom(0.01, 1, 1000), (drawn, C) => {
        const rows = drawn.map(([values]) => values);
        const outcomes = drawn.map(([, outcome]) => outcome);
        const fit = fitLogisticRegression(rows, outcomes, { C, intercept: false });
        fit.coefficients.forEach((weight, i) => {
          const slopes = rows.map((values, r) => values[i]! * (predictLogistic(fit, values) - outcomes[r]!));
          expect(weight / C + slopes.reduce((sum, slope) => sum + slope, 0)).toBeCloseTo(0, 5);
        });
      }),
    );
  });
});

describe('weights that do not exist', () => {
  it('are said to be, where outcomes are separable and there is no penalty', () => {
    expect(separable).toThrow(LogisticRegressionError);
    expect(separable).toThrow('without error');
    const [a, b] = [[1], [2]];
    const touching = () => fitLogisticRegression([a, a, b, b], [0, 1, 1, 1], { C: Infinity });
    expect(touching, 'one value with both outcomes').toThrow('without error');
  });

  it('exist with a penalty', () => {
    const { coefficients } = fitLogisticRegression(SEPARABLE.rows, SEPARABLE.outcomes);
    expect(coefficients[0]).toBeGreaterThan(0);
  });

  it('are said to be, where all outcomes are the same', () => {
    expect(() => fitLogisticRegression([[1], [2]], [1, 1])).toThrow('All outcomes are the same');
    const counted = { sampleWeights: [1, 0] };
    expect(() => fitLogisticRegression([[1], [2]], [1, 0], counted)).toThrow(LogisticRegressionError);
  });

  it('are said to be, where columns depend on each other and there is no penalty', () => {
    const doubled = ROWS.map(([x]) => [x!, 2 * x!]);
    expect(() => fitLogisticRegression(doubled, OUTCOMES, { C: Infinity })).toThrow('follow from others');
    const zero = ROWS.map(([x]) => [x!, 0]);
    expect(() => fitLogisticRegression(zero, OUTCOMES, { C: Infinity })).toThrow('follow from others');
    expect(fitLogisticRegression(zero, OUTCOMES).coefficients[1]).toBeCloseTo(0, 12);
  });
});

it.each([
  ['no rows', () => fitLogisticRegression([], [])],
  ['rows of different lengths', () => fitLogisticRegression([[1], [1, 2]], [0, 1])],
  ['an infinite value', () => fitLogisticRegression([[1], [Infinity]], [0, 1])],
  ['a missing outcome', () => fitLogisticRegression([[1], [2]], [0])],
  ['half an outcome', () => fitLogisticRegression([[1], [2]], [0, 0.5])],
  ['a negative weight', () => fitLogisticRegression([[1], [2]], [0, 1], { sampleWeights: [1, -1] })],
  ['C = 0', () => fitLogisticRegression([[1], [2]], [0, 1], { C: 0 })],
])('refuses %s', (_, fit) => {
  expect(fit).toThrow(RangeError);
});
