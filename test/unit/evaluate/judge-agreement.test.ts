import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bootstrapStatistics } from '../../../src/evaluate/bootstrap-statistic.ts';
import { AGREEMENT_MEASURES, judgeAgreement, judgeAgreementIntervals } from '../../../src/evaluate/judge-agreement.ts'; // prettier-ignore
import { groupIndices } from '../../../src/evaluate/resample.ts';
import { verdictRow } from './verdict-rows.ts';
import { atOnce } from '../../../src/judge/steps.ts';

const binary = fc.integer({ min: 0, max: 1 });
const rowsOf = fc.array(
  fc
    .record({
      item: fc.integer({ min: 0, max: 9 }),
      taker: fc.constantFrom('a', 'b', 'c', null),
      verdict: binary,
      label: binary,
    }) // prettier-ignore
    .map((row) => verdictRow({ ...row, item: `item ${row.item}` })),
  { minLength: 1, maxLength: 40 },
);

it('has the intervals of the general bootstrap over items, on the same draws', () => {
  const options = { seed: 3, resamples: 40 };
  fc.assert(
    fc.property(rowsOf, (rows) => {
      const quick = atOnce(judgeAgreementIntervals(rows, options));
      for (const measure of AGREEMENT_MEASURES) {
        const statistic = (draw: readonly number[]) => judgeAgreement(draw.map((i) => rows[i]!))[measure];
        const groups = groupIndices(rows.map(({ item }) => item));
        const { slow } = atOnce(bootstrapStatistics(groups, { slow: statistic }, options));
        if (!slow || Number.isNaN(slow.low)) expect(quick[measure]).toBeNull();
        else for (const end of ['mean', 'low', 'high'] as const) expect(quick[measure]![end]).toBeCloseTo(slow[end], 9); // prettier-ignore
      }
    }),
    { numRuns: 25 },
  );
});

it('leaves rows without a verdict or a label out', () => {
  const rows = [{ verdict: 1, label: 1 }, { verdict: null, label: 0 }, { verdict: 0, label: null }].map(verdictRow); // prettier-ignore
  expect(judgeAgreement(rows)).toMatchObject({ items: 1, agreement: 1, rankCorrelation: null });
  expect(atOnce(judgeAgreementIntervals(rows)).agreement).toEqual({ mean: 1, low: 1, high: 1 });
});
