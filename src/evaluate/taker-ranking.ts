import type { VerdictRow } from '../judge/verdict-table.ts';
import { binaryCounts, labelMean, verdictMean, type BinaryCounts } from './binary-counts.ts';
import { rankCorrelation } from './rank-correlation.ts';
import { rowsBy } from './verdict-table.ts';

/** An exam taker's score as a judge has it and as the labels have it: shares of right answers. */
export interface TakerScore {
  taker: string;
  judged: number;
  label: number;
}

/** The counts of each exam taker; rows that name none are left out. */
export function countsByTaker(rows: readonly VerdictRow[]): Map<string, BinaryCounts> {
  const named = rows.filter(({ taker }) => taker !== null);
  return new Map([...rowsBy(named, 'taker')].map(([taker, own]) => [taker!, binaryCounts(own)]));
}

/**
 * Scores of one judge's exam takers, those without a row with verdict and label left out.
 * @param truth a taker's true score where it is known better than from the rows that this judge could read: a judge
 *   that fails to read hard answers would otherwise be compared with a kinder truth
 */
export function takerScores(
  counts: ReadonlyMap<string, BinaryCounts>,
  truth: ReadonlyMap<string, number> = new Map(),
): TakerScore[] {
  return [...counts].flatMap(([taker, own]) => {
    const judged = verdictMean(own);
    const label = truth.get(taker) ?? labelMean(own);
    return judged === null || label === null ? [] : [{ taker, judged, label }];
  });
}

/** How well a judge ranks exam takers: Spearman's ρ over their scores, ties averaged; null where undefined. */
export function takerRankCorrelation(scores: readonly TakerScore[]): number | null {
  return rankCorrelation(
    scores.map(({ judged }) => judged),
    scores.map(({ label }) => label),
  );
}
