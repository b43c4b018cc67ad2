import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binaryCounts, pooledCounts, type BinaryCounts } from '../../../src/evaluate/binary-counts.ts';
import { chanceAgreement } from '../../../src/evaluate/chance-agreement.ts';
import { countsByTaker, takerRankCorrelation, takerScores } from '../../../src/evaluate/taker-ranking.ts';
import { rowsBy } from '../../../src/evaluate/verdict-table.ts';
import { publishedVerdicts, released, VERDICTS_FILE } from '../data/released/judging-the-judges.ts';
import { verdictRow } from './verdict-rows.ts';

/** Agreement %, κ, π, score difference in points of the repository's second file (papers.md 5.5). */
const SECOND_FILE: Record<string, [number, number, number, number]> = {
  'GPT-4': [95.0, 89.24, 89.24, -0.88],
  'Llama3-70B': [94.41, 87.65, 87.63, 3.47],
  'Llama-13B': [87.75, 72.07, 71.82, 8.69],
  'Llama-70B': [86.41, 68.15, 67.51, 12.97],
  'Mistral-7B': [85.22, 65.21, 64.43, 13.66],
  'Llama3-8B': [83.5, 60.59, 59.35, 15.94],
  'Llama-7B': [78.5, 47.39, 44.81, 19.56],
  'Gemma-2B': [62.69, 4.99, -3.49, 25.38],
  JudgeLM: [52.06, 17.45, 1.71, -43.12],
};

/** The same of the first file over the readable rows, and Spearman's ρ of the takers in per cent (its SOURCE.md). */
const FIRST_FILE: Record<string, [number, number, number, number, number]> = {
  EM: [70.88, 45.78, 41.13, -29.12, 78.33],
  Contains: [84.78, 68.32, 67.59, -14.71, 98.33],
  'GPT-4': [91.15, 78.76, 78.75, 1.5, 100],
  'Llama3-70B': [92.66, 81.79, 81.74, 4.84, 93.33],
  'Llama-13B': [77.5, 54.42, 52.85, -18.11, 81.67],
  'Llama-70B': [89.87, 74.03, 73.76, 8.86, 75],
  'Mistral-7B': [89.4, 73.61, 73.52, 5.26, 91.67],
  'Llama3-8B': [85.09, 64.18, 64.16, 1.56, 76.67],
  'Llama-7B': [86.12, 65.64, 65.55, 4.65, 58.33],
  'Gemma-2B': [78.03, 42.2, 41.32, 10.68, 11.72],
  JudgeLM: [80.17, 59.17, 58.05, -16.11, 98.33],
};

/** The takers' human scores over all 400 answers. */
const truth = new Map(
  Object.entries(released.firstFile.takers).map(([taker, { right, items }]) => [taker, right / items]),
);

function agreementRow(counts: BinaryCounts): (number | null)[] {
  const { agreement, kappa, pi, scoreDifference } = chanceAgreement(counts);
  return [agreement, kappa, pi, scoreDifference];
}

function rowOf(takers: ReadonlyMap<string, BinaryCounts>): (number | null)[] {
  return [...agreementRow(pooledCounts(takers.values())), takerRankCorrelation(takerScores(takers, truth))];
}

/** Equal to the last digit of the table, 0.01 points; some values lie half way between two digits. */
function expectRow(actual: readonly (number | null)[], published: readonly number[]): void {
  expect(actual).toHaveLength(published.length);
  for (const [i, value] of published.entries())
    expect(Math.abs(actual[i]! * 100 - value), `column ${i}`).toBeLessThan(0.005 + 1e-9);
}

describe('the released counts give the published table', () => {
  it.each(Object.entries(SECOND_FILE))('second file: %s', (judge, row) => {
    expectRow(agreementRow(released.secondFile.judges[judge]!), row);
  });

  it.each(Object.entries(FIRST_FILE))('first file: %s', (judge, row) => {
    expectRow(rowOf(new Map(Object.entries(released.firstFile.judges[judge]!.takers))), row);
  });
});

it('the published verdicts, counted row by row, give the same table', ({ skip }) => {
  if (!existsSync(VERDICTS_FILE)) return skip(`${VERDICTS_FILE} is absent`);
  const byJudge = rowsBy(publishedVerdicts(), 'judge');
  expect([...byJudge.keys()]).toEqual(Object.keys(FIRST_FILE));
  for (const [judge, rows] of byJudge) expectRow(rowOf(countsByTaker(rows)), FIRST_FILE[judge!]!);
});

it('takes the takers’ truth from the rows that were read where nothing better is known', () => {
  // Llama-70B left 135 rows unread: ρ is .8167 over what it read, .7500 against all labels.
  const takers = new Map(Object.entries(released.firstFile.judges['Llama-70B']!.takers));
  expect(takerRankCorrelation(takerScores(takers))).toBeCloseTo(0.8167, 4);
});

describe('the measures', () => {
  it('count only rows with both a verdict and a label', () => {
    const rows = [
      [1, 1],
      [1, 0],
      [0, 1],
      [0, 0],
      [null, 1],
      [1, null],
    ].map(([verdict, label]) => verdictRow({ verdict: verdict!, label: label! }));
    expect(binaryCounts(rows)).toEqual({ tp: 1, fp: 1, fn: 1, tn: 1 });
    expect(() => binaryCounts([verdictRow({ verdict: 5, label: 1 })])).toThrow(/5/);
  });

  it('find lenience and severity in the right direction', () => {
    const { falsePass, falseFail } = chanceAgreement({ tp: 9, fp: 3, fn: 1, tn: 1 });
    expect([falsePass, falseFail]).toEqual([0.75, 0.1]);
  });

  it('give a judge that agrees with everything nothing beyond chance, and a reversed one less than that', () => {
    expect(chanceAgreement({ tp: 6, fp: 4, fn: 0, tn: 0 })).toMatchObject({ agreement: 0.6, kappa: 0 });
    expect(chanceAgreement({ tp: 0, fp: 5, fn: 5, tn: 0 })).toMatchObject({ kappa: -1, pi: -1 });
  });

  it('are null where they are undefined', () => {
    const none = { agreement: null, kappa: null, pi: null, falsePass: null, falseFail: null };
    expect(chanceAgreement({ tp: 0, fp: 0, fn: 0, tn: 0 })).toEqual({
      items: 0,
      ...none,
      scoreDifference: null,
    });
    expect(chanceAgreement({ tp: 7, fp: 0, fn: 0, tn: 0 })).toMatchObject({
      agreement: 1,
      kappa: null,
      pi: null,
      falsePass: null,
      falseFail: 0,
    });
  });

  it('never have π above κ, for its chance agreement is at least as large', () => {
    const count = fc.integer({ min: 1, max: 500 });
    fc.assert(
      fc.property(fc.record({ tp: count, fp: count, fn: count, tn: count }), (counts) => {
        const { kappa, pi } = chanceAgreement(counts);
        expect(pi!).toBeLessThanOrEqual(kappa! + 1e-12);
      }),
    );
  });
});
