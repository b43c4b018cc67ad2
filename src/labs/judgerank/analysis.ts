import { mean } from 'simple-statistics';
import { bootstrapStatistics, type Statistic } from '../../evaluate/bootstrap-statistic.ts';
import { ranksFromHighest } from '../../evaluate/ranks.ts';
import type { Interval } from '../../evaluate/resample.ts';
import { groupBy } from '../../harness/group-by.ts';
import type { Steps } from '../../judge/steps.ts';
import type { RankSettings } from './fields.ts';
import { RANDOM, qualityOf, type RankedQuery } from './ranked-query.ts';
import type { Difference, QueryQuality, RankerQuality, RankResult } from './result.ts';
import { shownQuery } from './shown-query.ts';

/** What is analysed, and how the pictures read it. */
export interface RankingStudy {
  queries: readonly RankedQuery[];
  /** Differences of nDCG to be told; the first over all kinds is the headline. */
  comparisons: readonly (readonly [first: string, second: string])[];
  /** Orders of the slope chart, from left to right; the query is chosen by the first two. */
  orders: readonly string[];
  /** Analyses or verdicts that could not be read. */
  unreadable: number;
}

type Options = Pick<RankSettings, 'cutoff' | 'gain' | 'seed' | 'shownQuery'>;

/** nDCG@k of every ranker by kind, with intervals over queries. @throws SettingsError for a query that there is not */
export function* analyseRankings(study: RankingStudy, options: Options): Steps<RankResult> {
  const { queries } = study;
  const rankers = [...new Set(queries.flatMap(({ scores }) => [...scores.keys()]))];
  const perQuery = queries.map((query, i) => queryQuality(query, i + 1, study.orders, rankers, options));
  const byKind = kindsOf(perQuery);
  const places = [[null, perQuery] as const, ...byKind];
  const intervals = new Map<string | null, QueryIntervals>();
  for (const [kind, part] of places)
    intervals.set(kind, yield* intervalsOf(part, rankers, study.comparisons, options.seed));
  const quality = (ranker: string) => rankerQuality(ranker, perQuery, byKind);
  const withKinds = <Value>(of: (kind: string) => Value) =>
    Object.fromEntries([...byKind.keys()].map((kind) => [kind, of(kind)]));
  const intervalsOfRanker = (ranker: string) => ({
    ndcg: intervals.get(null)!.rankers[ranker]!,
    byKind: withKinds((kind) => intervals.get(kind)!.rankers[ranker]!),
  });
  return {
    rankers: Object.fromEntries(rankers.map((ranker) => [ranker, quality(ranker)])),
    random: quality(RANDOM),
    intervals: {
      rankers: Object.fromEntries(rankers.map((ranker) => [ranker, intervalsOfRanker(ranker)])),
      differences: [...intervals].flatMap(([kind, { differences }]) =>
        differences.map((difference) => ({ kind, ...difference })),
      ),
    },
    passages: queries.reduce((sum, { passages }) => sum + passages.length, 0),
    unreadable: study.unreadable,
    perQuery,
    shown: shownQuery(queries, perQuery, study.orders, options.shownQuery),
  };
}

/** Queries by kind; none where they are all of one. */
function kindsOf(perQuery: readonly QueryQuality[]): Map<string, QueryQuality[]> {
  const kinds = groupBy(perQuery, ({ kind }) => kind ?? 'other');
  return kinds.size > 1 ? kinds : new Map<string, QueryQuality[]>();
}

/**
 * On fewer queries no interval is given, even where all of them point the same way: a sign test on five gives
 * p = 2 · 2⁻⁵ = .06, while the bootstrap's interval over so few is narrow and proves nothing.
 */
const LEAST_QUERIES = 6;

function queryQuality(
  query: RankedQuery,
  number: number,
  [first, second]: readonly string[],
  rankers: readonly string[],
  { cutoff: k, gain }: Options,
): QueryQuality {
  const ndcg = [RANDOM, ...rankers].map((ranker) => [ranker, qualityOf(query, ranker, { k, gain })] as const);
  const [left, right] = [first, second].map((ranker) => query.scores.get(ranker ?? ''));
  return {
    number,
    kind: query.kind,
    query: query.query,
    ndcg: Object.fromEntries(ndcg),
    disagreement: left && right ? rankDistance(left, right) : null,
  };
}

function rankDistance(left: readonly number[], right: readonly number[]): number {
  const ranks = ranksFromHighest(right);
  return mean(ranksFromHighest(left).map((rank, i) => Math.abs(rank - ranks[i]!)));
}

function rankerQuality(
  ranker: string,
  perQuery: readonly QueryQuality[],
  byKind: ReadonlyMap<string, readonly QueryQuality[]>,
): RankerQuality {
  return {
    ndcg: meanOf(perQuery, ranker),
    byKind: Object.fromEntries([...byKind].map(([kind, part]) => [kind, meanOf(part, ranker)])),
    queries: known(perQuery, ranker).length,
  };
}

const known = (queries: readonly QueryQuality[], ranker: string) =>
  queries.flatMap(({ ndcg }) => ndcg[ranker] ?? []);

const meanOf = (queries: readonly QueryQuality[], ranker: string) => meanOrNull(known(queries, ranker));

const meanOrNull = (values: readonly number[]) => (values.length > 0 ? mean([...values]) : null);

interface QueryIntervals {
  rankers: Record<string, Interval | null>;
  differences: Omit<Difference, 'kind'>[];
}

/** Bootstraps over the queries of one kind, or over all: every mean and every paired difference on the same draws. */
function* intervalsOf(
  queries: readonly QueryQuality[],
  rankers: readonly string[],
  comparisons: RankingStudy['comparisons'],
  seed: number,
): Steps<QueryIntervals> {
  const values = rankers.map((ranker) => queries.map(({ ndcg }) => ndcg[ranker] ?? null));
  const gaps = comparisons.map(([first, second]) => queries.map(({ ndcg }) => gap(ndcg, first, second)));
  const statistics = [...values, ...gaps].map((list, i): [string, Statistic] => [
    String(i),
    (draw) => meanOrNull(draw.flatMap((query) => list[query] ?? [])),
  ]);
  const groups = queries.map((_, i) => [i]);
  const bootstrap = yield* bootstrapStatistics(groups, Object.fromEntries(statistics), { seed });
  const count = (list: readonly (number | null)[]) => list.filter((value) => value !== null).length;
  const intervals = [...values, ...gaps].map((list, i) =>
    count(list) < LEAST_QUERIES ? null : bootstrap[String(i)]!,
  );
  return {
    rankers: Object.fromEntries(rankers.map((ranker, i) => [ranker, intervals[i]!])),
    differences: comparisons.map(([first, second], i) => ({
      first,
      second,
      mean: meanOrNull(gaps[i]!.flatMap((value) => value ?? [])),
      interval: intervals[rankers.length + i]!,
      queries: count(gaps[i]!),
    })),
  };
}

function gap(ndcg: QueryQuality['ndcg'], first: string, second: string): number | null {
  const [a, b] = [ndcg[first] ?? null, ndcg[second] ?? null];
  return a === null || b === null ? null : a - b;
}
