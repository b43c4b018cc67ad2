import type { Interval } from '../../evaluate/resample.ts';

/** How well a ranker orders passages. */
export interface RankerQuality {
  /** Mean nDCG@k over its queries, 0 to 1; null without a query that has a relevant passage. */
  ndcg: number | null;
  /** Empty where all queries are of one kind. */
  byKind: Record<string, number | null>;
  /** How many queries the mean is over. */
  queries: number;
}

/** nDCG of one ranker less that of another, on the queries that both ranked. */
export interface Difference {
  /** null: over all kinds. */
  kind: string | null;
  first: string;
  second: string;
  mean: number | null;
  /** null on fewer queries than an interval can rest on. */
  interval: Interval | null;
  queries: number;
}

export interface QueryQuality {
  /** From 1, in the order of the data. */
  number: number;
  kind: string | null;
  query: string;
  ndcg: Record<string, number | null>;
  /** Mean distance between a passage's ranks in the first two orders of the slope chart; null without both. */
  disagreement: number | null;
}

export interface ShownQuery {
  number: number;
  query: string;
  orders: string[];
  /** Ranks in each order, halves where tied; `place` is the passage's among all of its query, from 0. */
  passages: { place: number; text: string; relevance: number; ranks: number[] }[];
}

export interface RankResult {
  /** By ranker: bm25, pYes, expectedScore, sum and content, or a file's judges. */
  rankers: Record<string, RankerQuality>;
  /** What a random order has on average, exactly. */
  random: RankerQuality;
  /** Of 95 %, over queries; null on fewer than six. */
  intervals: {
    rankers: Record<string, { ndcg: Interval | null; byKind: Record<string, Interval | null> }>;
    differences: Difference[];
  };
  /** Passages of all queries. */
  passages: number;
  /** Analyses or verdicts that could not be read; such passages stand last by the judge. */
  unreadable: number;
  perQuery: QueryQuality[];
  shown: ShownQuery | null;
}
