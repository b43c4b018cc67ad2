import { ranksFromHighest } from '../../evaluate/ranks.ts';
import { SettingsError } from '../../harness/fields.ts';
import type { RankedQuery } from './ranked-query.ts';
import type { QueryQuality, ShownQuery } from './result.ts';

/** Room for so many lines in a slope chart. */
const MOST_LINES = 20;

/** The query of this number; for 0, the one on which the first two orders differ most. @throws SettingsError */
export function shownQuery(
  queries: readonly RankedQuery[],
  perQuery: readonly QueryQuality[],
  orders: readonly string[],
  wanted: number,
): ShownQuery | null {
  if (wanted > queries.length)
    throw new SettingsError(
      `There is no query ${wanted} to show: they are numbered from 1 to ${queries.length}.`,
    );
  const number = wanted === 0 ? mostDisputed(perQuery)?.number : wanted;
  if (number === undefined) return null;
  const query = queries[number - 1]!;
  const seen = orders.filter((ranker) => query.scores.has(ranker));
  const ranks = seen.map((ranker) => ranksFromHighest(query.scores.get(ranker)!));
  const passages = query.passages.map(({ text, relevance }, place) => ({
    place,
    text,
    relevance,
    ranks: ranks.map((list) => list[place]!),
  }));
  const best = passages.toSorted((a, b) => Math.min(...a.ranks) - Math.min(...b.ranks)).slice(0, MOST_LINES);
  return { number, query: query.query, orders: seen, passages: best };
}

/** Those on which the first two orders differ, most first; of equals, the earlier one. */
export function disputed(perQuery: readonly QueryQuality[]): QueryQuality[] {
  return perQuery
    .filter(({ disagreement }) => disagreement !== null && disagreement > 0)
    .toSorted((a, b) => b.disagreement! - a.disagreement!);
}

/** Where all agree, the first will do. */
const mostDisputed = (perQuery: readonly QueryQuality[]) => disputed(perQuery)[0] ?? perQuery[0];
