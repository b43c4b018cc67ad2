import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeLimits, ratesOf, type JudgeRates } from '../../../src/evaluate/judge-limits.ts';
import { released } from '../data/released/judging-the-judges.ts';

const SIZES = { labelled: 200, unlabelled: 2000 };

/** The released cells whose rates and correlation are defined. */
const cells = Object.entries(released.firstFile.judges).flatMap(([judge, { takers }]) =>
  Object.entries(takers).map(([taker, counts]) => {
    const rates = ratesOf(counts)!;
    return { judge, taker, rates, limits: judgeLimits(rates, { labelled: 40, unlabelled: 360 }) };
  }),
);

const cell = (judge: string, taker: string) =>
  cells.find((one) => one.judge === judge && one.taker === taker)!;

describe('the worked example: b .8, p .85, q .6, n 200, N 2000', () => {
  const limits = judgeLimits({ trueScore: 0.8, sensitivity: 0.85, specificity: 0.6 }, SIZES);

  it.each([
    ['agreement', 0.8, 12],
    ['judgeBias', -0.04, 12],
    ['judgedScore', 0.76, 12],
    ['rhoSquared', 0.177632, 6],
    ['bound', 1.216, 4],
    ['lambda', 0.358852, 6],
    // papers.md has 1.192583, from ρ² rounded to six digits.
    ['factor', 1.192582, 6],
  ] as const)('has the %s %f', (name, value, digits) => {
    expect(limits[name]).toBeCloseTo(value, digits);
  });

  it('has the variance 6.708e-4', () => {
    expect(limits.standardErrors.tunedPpi ** 2).toBeCloseTo(6.708e-4, 7);
  });
});

describe('released verdicts', () => {
  it('have 97 cells in which labels and verdicts vary, of which 14 have ½ ≤ AG ≤ b, with ρ² ≤ .3475', () => {
    const varying = cells.filter(({ limits }) => limits.rhoSquared !== null);
    expect(varying).toHaveLength(97);
    const noBetter = varying.filter(
      ({ rates, limits }) => limits.agreement >= 0.5 && limits.agreement <= rates.trueScore,
    );
    expect(noBetter).toHaveLength(14);
    expect(Math.max(...noBetter.map(({ limits }) => limits.rhoSquared!))).toBeCloseTo(0.3475, 4);
  });

  it('let GPT-4 save at most 1.69 × the labels on the strongest taker, 1.58 × at n = 40', () => {
    const { rates, limits } = cell('GPT-4', 'gpt-4t');
    expect(rates.trueScore).toBe(0.9125);
    expect(limits.agreement).toBeCloseTo(0.945, 12);
    expect(limits.rhoSquared).toBeCloseTo(0.4073, 4);
    expect([limits.bound, limits.factor].map((value) => value.toFixed(2))).toEqual(['1.69', '1.58']);
  });

  it('let it save 7.2 × on the weakest taker, the exception', () => {
    const { limits } = cell('GPT-4', 'llama2-7b-chat');
    expect(limits.rhoSquared).toBeCloseTo(0.8611, 4);
    expect(limits.bound.toFixed(1)).toBe('7.2');
  });
});

// Evenly spread: fast-check's doubles crowd at 0 and 1.
const probability = fc.integer({ min: 0, max: 1000 }).map((share) => share / 1000);
const anyRates = fc.record<JudgeRates>({
  trueScore: probability,
  sensitivity: probability,
  specificity: probability,
});

describe('for any rates', () => {
  it('½ ≤ AG ≤ b never gives ρ² > ½', () => {
    let met = 0;
    fc.assert(
      fc.property(anyRates, (rates) => {
        const { agreement, rhoSquared } = judgeLimits(rates, SIZES);
        if (agreement < 0.5 || agreement > rates.trueScore) return;
        met += 1;
        expect(rhoSquared ?? 0).toBeLessThanOrEqual(0.5 + 1e-9);
      }),
      { numRuns: 3000 },
    );
    expect(met).toBeGreaterThan(100);
  });

  it('τ is the ratio of the two variances', () => {
    const inside = fc.integer({ min: 5, max: 95 }).map((share) => share / 100);
    fc.assert(
      fc.property(inside, inside, inside, (trueScore, sensitivity, specificity) => {
        const { factor, standardErrors } = judgeLimits({ trueScore, sensitivity, specificity }, SIZES);
        expect((standardErrors.labels / standardErrors.tunedPpi) ** 2).toBeCloseTo(factor, 8);
      }),
    );
  });

  it('a high agreement leaves room for a bias of ±(1 − AG)', () => {
    const harsh = judgeLimits({ trueScore: 0.9, sensitivity: 0.9, specificity: 1 }, SIZES);
    const lenient = judgeLimits({ trueScore: 0.9, sensitivity: 1, specificity: 0.1 }, SIZES);
    expect([harsh.agreement, harsh.judgeBias]).toEqual([expect.closeTo(0.91, 12), expect.closeTo(-0.09, 12)]);
    expect([lenient.agreement, lenient.judgeBias]).toEqual([
      expect.closeTo(0.91, 12),
      expect.closeTo(0.09, 12),
    ]);
  });
});

describe('at the edges', () => {
  it('a judge that says the same of everything saves nothing', () => {
    const limits = judgeLimits({ trueScore: 0.7, sensitivity: 1, specificity: 0 }, SIZES);
    expect(limits).toMatchObject({ rhoSquared: null, lambda: null, factor: 1, bound: 1 });
    expect(limits.standardErrors.tunedPpi).toBe(limits.standardErrors.labels);
  });

  it('a judge that is always right is worth a label each', () => {
    const limits = judgeLimits({ trueScore: 0.5, sensitivity: 1, specificity: 1 }, SIZES);
    expect(limits).toMatchObject({ rhoSquared: 1, bound: Infinity });
    expect(limits.factor).toBeCloseTo(2200 / 200, 9);
  });

  it('rates are undefined without right or wrong answers', () => {
    expect(ratesOf({ tp: 3, fp: 0, fn: 1, tn: 0 })).toBeNull();
    expect(ratesOf({ tp: 0, fp: 0, fn: 0, tn: 0 })).toBeNull();
  });

  it('refuses what is no probability or no number of items', () => {
    const rates = { trueScore: 0.7, sensitivity: 1, specificity: 0 };
    expect(() => judgeLimits({ ...rates, sensitivity: 1.2 }, SIZES)).toThrow(/sensitivity 1.2/);
    expect(() => judgeLimits(rates, { ...SIZES, labelled: 0 })).toThrow(/labelled/);
  });
});
