import type { Steps } from '../judge/steps.ts';
import type { VerdictRow } from '../judge/verdict-table.ts';
import { binaryCounts, pooledCounts, type BinaryCounts } from './binary-counts.ts';
import { chanceAgreement, type ChanceAgreement } from './chance-agreement.ts';
import { groupIndices, resample, type BootstrapOptions, type Indices, type Interval } from './resample.ts';
import { countsByTaker, takerRankCorrelation, takerScores } from './taker-ranking.ts';
import { binaryValue } from './verdict-table.ts';

/** How far a judge agrees with the labels, pooled over exam takers, and how well it ranks the takers. */
export interface JudgeAgreement extends ChanceAgreement {
  /** Spearman's ρ over takers' mean verdicts and mean labels; null where undefined, as for a single taker. */
  rankCorrelation: number | null;
}

export const AGREEMENT_MEASURES = [
  'agreement', 'kappa', 'pi', 'falsePass', 'falseFail', 'scoreDifference', 'rankCorrelation',
] as const; // prettier-ignore
export type AgreementMeasure = (typeof AGREEMENT_MEASURES)[number];

/**
 * The measures of Judging the Judges (arXiv 2406.12624) of one judge's rows; only rows with both a verdict and a label
 * count.
 * @param truth takers' true scores where they are known better than from those rows
 * @throws RangeError in words for a verdict or label that is neither 1 nor 0
 */
export function judgeAgreement(
  rows: readonly VerdictRow[],
  truth?: ReadonlyMap<string, number>,
): JudgeAgreement {
  const rankCorrelation = takerRankCorrelation(takerScores(countsByTaker(rows), truth));
  return { ...chanceAgreement(binaryCounts(rows)), rankCorrelation };
}

/**
 * Bootstrap intervals of 95 % over items: all rows of one item are drawn together. A draw is kept as four counts a
 * taker, never as a list of rows. null where a measure is undefined.
 * @throws RangeError as above
 */
export function* judgeAgreementIntervals(
  rows: readonly VerdictRow[],
  options: BootstrapOptions = {},
): Steps<Record<AgreementMeasure, Interval | null>> {
  const counted = rows.filter((row) => binaryValue(row, 'verdict') !== null && binaryValue(row, 'label') !== null); // prettier-ignore
  const takers = [...new Set(counted.map(({ taker }) => taker))];
  const placeOfTaker = new Map(takers.map((taker, place) => [taker, place]));
  const cells = Int32Array.from(counted, (row) => CELLS * placeOfTaker.get(row.taker)! + cellOf(row));
  const drawn = new Float64Array(CELLS * takers.length);
  const tally = {
    clear: () => void drawn.fill(0),
    add: (group: Indices) => {
      for (let i = 0; i < group.length; i++) drawn[cells[group[i]!]!]! += 1;
    },
  };
  const readings = AGREEMENT_MEASURES.map((measure) => () => measureOf(measure, takers, drawn));
  const intervals = yield* resample(groupIndices(counted.map(({ item }) => item)), tally, readings, options);
  const entries = AGREEMENT_MEASURES.map((measure, i) => [measure, finite(intervals[i]!)]);
  return Object.fromEntries(entries) as Record<AgreementMeasure, Interval | null>;
}

const CELLS = 4;
const cellOf = ({ verdict, label }: VerdictRow) => (label === 1 ? 0 : 2) + (verdict === label ? 0 : 1);

function measureOf(
  measure: AgreementMeasure,
  takers: readonly (string | null)[],
  drawn: Float64Array,
): number | null {
  const counts = takers.map((_, place) => countsAt(drawn, CELLS * place));
  if (measure !== 'rankCorrelation') return chanceAgreement(pooledCounts(counts))[measure];
  const named = takers.flatMap((taker, i) => (taker === null ? [] : [[taker, counts[i]!] as const]));
  return takerRankCorrelation(takerScores(new Map(named)));
}

const countsAt = (drawn: Float64Array, start: number): BinaryCounts => ({
  tp: drawn[start]!,
  fn: drawn[start + 1]!,
  tn: drawn[start + 2]!,
  fp: drawn[start + 3]!,
});

/** A measure that no draw defined has no interval. */
function finite(interval: Interval | null): Interval | null {
  return interval && Number.isFinite(interval.low) && Number.isFinite(interval.high) ? interval : null;
}
