import { ranksFromHighest } from '../../evaluate/ranks.ts';
import { formatNumber } from '../../harness/format.ts';
import type { Exhibit } from '../../harness/report.ts';
import { titleOf } from './rankers.ts';
import type { RankedQuery } from './ranked-query.ts';
import type { QueryQuality, RankResult, ShownQuery } from './result.ts';

/** Each holds all passages of a query, so that a dozen is plenty. */
export const MOST_QUERIES = 12;

/** Passages that a query's exhibit tells of. */
const MOST_PASSAGES = 20;

/** Names that marks open: a ranker's rankings of a kind (or of all), a query, a passage of the query shown. */
export const rankingsMark = (ranker: string, kind: string | null) => `rankings/${ranker}/${kind ?? ''}`;
export const queryMark = (number: number) => `query/${number}`;
export const passageMark = (place: number) => `passage/${place}`;

export function exhibitsOf(
  queries: readonly RankedQuery[],
  { rankers, perQuery, shown }: RankResult,
): Record<string, Exhibit[]> {
  const kinds = [null, ...new Set(queries.flatMap(({ kind }) => kind ?? []))];
  const exhibitOf = (quality: QueryQuality, ranker: string) =>
    queryExhibit(queries[quality.number - 1]!, quality, ranker);
  const rankings = Object.keys(rankers).flatMap((ranker) =>
    kinds.map((kind): [string, Exhibit[]] => [
      rankingsMark(ranker, kind),
      worst(perQuery, ranker, kind).map((quality) => exhibitOf(quality, ranker)),
    ]),
  );
  const single = perQuery.map((quality): [string, Exhibit[]] => [
    queryMark(quality.number),
    rankersOf(queries[quality.number - 1]!).slice(0, 2).map((ranker) => exhibitOf(quality, ranker)),
  ]); // prettier-ignore
  return Object.fromEntries([...rankings, ...single, ...(shown ? passageExhibits(queries, shown) : [])]);
}

const rankersOf = ({ scores }: RankedQuery) => [...scores.keys()];

/** The queries of a kind that a ranker ordered worst, worst first. */
function worst(perQuery: readonly QueryQuality[], ranker: string, kind: string | null): QueryQuality[] {
  return perQuery
    .filter((query) => query.ndcg[ranker] !== undefined && (kind === null || query.kind === kind))
    .toSorted((a, b) => (a.ndcg[ranker] ?? 2) - (b.ndcg[ranker] ?? 2))
    .slice(0, MOST_QUERIES);
}

/** A query with its passages as a ranker orders them. */
function queryExhibit(query: RankedQuery, quality: QueryQuality, ranker: string): Exhibit {
  const ranks = ranksFromHighest(query.scores.get(ranker)!);
  const places = [...ranks.keys()].sort((a, b) => ranks[a]! - ranks[b]!).slice(0, MOST_PASSAGES);
  return {
    title: `Query ${quality.number} as ordered by ${titleOf(ranker)}: ${query.query}`,
    facts: Object.entries(quality.ndcg).map(([name, ndcg]) => [`nDCG, ${titleOf(name)}`, formatNumber(ndcg)]),
    texts: places.map((place) => {
      const { text, relevance, analyses } = query.passages[place]!;
      const name = `${String(ranks[place])}. relevance ${String(relevance)}; ${scoresText(query, place)}`;
      return [name, [text, ...analyses.map(([judge, analysis]) => `${judge}: ${analysis}`)].join('\n')];
    }),
  };
}

/** "BM25 2.82, P(yes) 0.98 …" */
function scoresText(query: RankedQuery, place: number): string {
  const text = ([ranker, scores]: readonly [string, readonly number[]]) =>
    `${titleOf(ranker)} ${scoreText(scores[place]!)}`;
  return [...query.scores].map(text).join(', ');
}

const scoreText = (score: number) => (score === -Infinity ? 'none' : formatNumber(score));

function passageExhibits(queries: readonly RankedQuery[], shown: ShownQuery): [string, Exhibit[]][] {
  const query = queries[shown.number - 1]!;
  const ranks = [...query.scores].map(
    ([ranker, scores]) => [ranker, scores, ranksFromHighest(scores)] as const,
  ); // prettier-ignore
  return shown.passages.map(({ place }) => {
    const { text, relevance, analyses } = query.passages[place]!;
    const facts = ranks.map(([ranker, scores, list]): [string, string] => [
      titleOf(ranker),
      `${scoreText(scores[place]!)}, rank ${String(list[place])}`,
    ]);
    const exhibit: Exhibit = {
      title: text,
      facts: [['Query', query.query], ['Relevance', String(relevance)], ...facts],
      texts: [['Passage', text], ...analyses.map(([judge, analysis]) => [`Analysis by ${judge}`, analysis] as const)],
    }; // prettier-ignore
    return [passageMark(place), [exhibit]];
  });
}
