import { ndcgOfScores, type NdcgOptions } from '../../evaluate/ndcg.ts';

/** A passage as the pictures and what stands behind them need it. */
export interface RankedPassage {
  text: string;
  /** True grade, 0 or more. */
  relevance: number;
  /** What each judge wrote about it, by the judge's name. */
  analyses: readonly (readonly [judge: string, text: string])[];
}

/** A query with what every ranker says of its passages. */
export interface RankedQuery {
  /** null where queries are of no kinds. */
  kind: string | null;
  query: string;
  passages: readonly RankedPassage[];
  /** By ranker, one score a passage; −∞ stands last. A ranker that did not see the query is absent. */
  scores: ReadonlyMap<string, readonly number[]>;
}

/** Ranks by the true grade: a scripted judge that sees nothing but the content. Its nDCG is 1 by definition. */
export const CONTENT = 'content';

/** What every ranking is read against: the mean over all orders, which is that of equal scores for all. */
export const RANDOM = 'random';

export const relevanceOf = ({ passages }: Pick<RankedQuery, 'passages'>) =>
  passages.map(({ relevance }) => relevance);

/** nDCG of a ranker on a query; null where it did not see the query or no passage is relevant. */
export function qualityOf(query: RankedQuery, ranker: string, options: NdcgOptions): number | null {
  const grades = relevanceOf(query);
  const scores = ranker === RANDOM ? grades.map(() => 0) : query.scores.get(ranker);
  return scores ? ndcgOfScores(scores, grades, options) : null;
}
