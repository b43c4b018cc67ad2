import { formatCounted } from '../../harness/format.ts';
import type { Interval } from '../../evaluate/resample.ts';
import type { BarsBlock, Block, IntervalsBlock, RanksBlock, TableBlock } from '../../harness/report.ts';
import { MOST_QUERIES, passageMark, queryMark, rankingsMark } from './exhibits.ts';
import type { RankSettings } from './fields.ts';
import { titleOf } from './rankers.ts';
import { CONTENT, RANDOM } from './ranked-query.ts';
import type { RankResult, RankerQuality, ShownQuery } from './result.ts';
import { negationLesson, queriesText } from './sentences.ts';
import { disputed } from './shown-query.ts';

/** Ranks and quality first, then the tables. */
export function reportOf(result: RankResult, { cutoff }: RankSettings): Block[] {
  const lesson = negationLesson(result);
  return [
    qualityBars(result, cutoff),
    ...(result.shown ? [slopeChart(result.shown)] : []),
    ...(lesson === null ? [] : [{ kind: 'sentence', text: lesson } as const]),
    differenceIntervals(result, cutoff),
    rankerTable(result, cutoff),
    ...disputedTable(result),
  ];
}

const kindsOf = ({ random }: RankResult) => Object.keys(random.byKind);

/** The content-only judge is 1 everywhere: it stands in the table. */
const drawnRankers = ({ rankers }: RankResult) => Object.keys(rankers).filter((ranker) => ranker !== CONTENT);

/** A random order is no order: behind its bars stands the true one. */
const opensRankings = (ranker: string, kind: string | null) =>
  rankingsMark(ranker === RANDOM ? CONTENT : ranker, kind);

function qualityBars(result: RankResult, cutoff: number): BarsBlock {
  const rankers = [RANDOM, ...drawnRankers(result)];
  const barOf = (ranker: string, kind: string | null) => {
    const quality = ranker === RANDOM ? result.random : result.rankers[ranker]!;
    const value = kind === null ? quality.ndcg : (quality.byKind[kind] ?? null);
    const known = result.intervals.rankers[ranker];
    const interval = kind === null ? known?.ndcg : known?.byKind[kind];
    return {
      value,
      ...boundsOf(interval),
      opens: opensRankings(ranker, kind),
    };
  };
  return {
    kind: 'bars',
    title: `nDCG@${cutoff}${kindsOf(result).length > 0 ? ' by kind of query' : ''}`,
    format: 'decimal2',
    series: rankers.map(titleOf),
    groups: [...kindsOf(result), null].map((kind) => ({
      label: kind ?? 'all queries',
      bars: rankers.map((ranker) => barOf(ranker, kind)),
    })),
    ...(result.random.ndcg !== null && {
      lines: [{ label: 'random order, all queries', at: result.random.ndcg }],
    }),
  };
}

function slopeChart({ number, query, orders, passages }: ShownQuery): RanksBlock {
  const most = Math.max(...passages.map(({ relevance }) => relevance));
  return {
    kind: 'ranks',
    title: `Query ${number}: ${query}`,
    orders: orders.map(titleOf),
    things: passages.map(({ place, text, relevance, ranks }) => ({
      label: `${shortened(text)} (relevance ${String(relevance)})`,
      ranks,
      emphasis: relevance === most,
      opens: passageMark(place),
    })),
  };
}

const LONGEST_LABEL = 60;

const shortened = (text: string) =>
  text.length > LONGEST_LABEL ? `${text.slice(0, LONGEST_LABEL).trimEnd()}…` : text;

function differenceIntervals({ intervals }: RankResult, cutoff: number): IntervalsBlock {
  return {
    kind: 'intervals',
    title: `Differences of nDCG@${cutoff}, 95 % over queries`,
    format: 'decimal2',
    rows: intervals.differences.map(({ kind, first, second, mean, interval }) => ({
      label: `${titleOf(first)} less ${titleOf(second)}, ${kind ?? 'all queries'}`,
      value: mean,
      ...boundsOf(interval),
      emphasis: kind === null,
      opens: opensRankings(first, kind),
    })),
    lines: [{ label: 'no difference', at: 0 }],
  };
}

function rankerTable(result: RankResult, cutoff: number): TableBlock {
  const kinds = kindsOf(result);
  const row = (ranker: string, quality: RankerQuality) => ({
    cells: [
      titleOf(ranker),
      { value: quality.ndcg, ...boundsOf(result.intervals.rankers[ranker]?.ndcg) },
      ...kinds.map((kind) => quality.byKind[kind] ?? null),
      quality.queries,
    ],
    opens: opensRankings(ranker, null),
  });
  return {
    kind: 'table',
    title: `Rankers by nDCG@${cutoff}`,
    columns: [
      { title: 'ranker' },
      { title: 'all queries', format: 'decimal2' },
      ...kinds.map((title) => ({ title, format: 'decimal2' }) as const),
      { title: 'queries', format: 'count' },
    ],
    rows: [row(RANDOM, result.random), ...Object.entries(result.rankers).map(([name, one]) => row(name, one))],
    note: noteOf(result),
  }; // prettier-ignore
}

const boundsOf = (interval: Interval | null | undefined) =>
  interval ? { low: interval.low, high: interval.high } : {};

function noteOf({ passages, unreadable, perQuery }: RankResult): string {
  const undefinedQueries = perQuery.filter(({ ndcg }) => ndcg[RANDOM] === null).length;
  return [
    `${queriesText(perQuery.length)}, ${formatCounted(passages, 'passage')}; ${formatCounted(unreadable, 'verdict')} could not be read, and such passages stand last by the judge.`,
    'A random order is its exact mean over all orders; tied passages share their places.',
    ...(undefinedQueries > 0
      ? [
          `Without a relevant passage there is no nDCG: ${queriesText(undefinedQueries)} left out of the means.`,
        ]
      : []),
    `Behind a mark stand at most ${MOST_QUERIES} queries, the worst ordered first.`,
  ].join(' ');
}

const MOST_DISPUTED = 10;

function disputedTable({ perQuery, shown }: RankResult): TableBlock[] {
  const orders = shown?.orders ?? [];
  const rows = disputed(perQuery).slice(0, MOST_DISPUTED);
  if (rows.length === 0) return [];
  return [
    {
      kind: 'table',
      title: `Queries on which ${orders.slice(0, 2).map(titleOf).join(' and ')} differ most`,
      columns: [
        { title: 'query' },
        { title: 'number', format: 'count' },
        { title: 'mean distance of ranks', format: 'decimal2' },
        ...orders.map((ranker) => ({ title: `nDCG, ${titleOf(ranker)}`, format: 'decimal2' }) as const),
      ],
      rows: rows.map(({ number, query, disagreement, ndcg }) => ({
        cells: [query, number, disagreement, ...orders.map((ranker) => ndcg[ranker] ?? null)],
        opens: queryMark(number),
      })),
      note: 'The slope chart shows any query by its number (setting “Query in the slope chart”).',
    },
  ];
}
