import { formatChange, formatNumber } from '../../harness/format.ts';
import type { QueryKind } from '../../data/micro/passages.ts';
import { BM25, P_YES, SUM, titleOf } from './rankers.ts';
import { RANDOM } from './ranked-query.ts';
import type { Difference, RankResult } from './result.ts';

/** The kind of query that says which words must not stand there. */
const NEGATION: QueryKind = 'sentence without words';

/** What a difference shows: the sign of its whole interval; 0 where that holds zero or could not be given. */
function signShown({ interval }: Difference): -1 | 0 | 1 {
  if (!interval) return 0;
  if (interval.low > 0) return 1;
  return interval.high < 0 ? -1 : 0;
}

/** The headline: the first comparison, over all queries. */
export function sentenceOf(result: RankResult, cutoff: number): string {
  const headline = result.intervals.differences.find(({ kind }) => kind === null);
  if (!headline) return `${queriesText(result.perQuery.length)}, and nothing to compare.`;
  const { first, second } = headline;
  const sign = signShown(headline);
  const [a, b] = [first, second].map((ranker) => `${titleOf(ranker)} (${meanText(result, ranker)})`);
  const order =
    sign === 0
      ? `Between ${a} and ${b} no difference is shown`
      : `${a} orders the passages ${sign > 0 ? 'better' : 'worse'} than ${b}`;
  return `${order}: mean nDCG@${cutoff}, difference on ${queriesText(headline.queries)} ${withInterval(headline)}. ${randomText(result)}`;
}

export const queriesText = (count: number) => (count === 1 ? '1 query' : `${count} queries`);

const randomText = ({ random }: RankResult) => `A random order has ${formatNumber(random.ndcg)}.`;

function meanText({ rankers, random }: RankResult, ranker: string): string {
  return formatNumber((ranker === RANDOM ? random : rankers[ranker])?.ndcg ?? null);
}

/** "−0.16 [−0.21, −0.11]" */
function withInterval({ mean, interval }: Difference): string {
  if (mean === null) return 'n/a';
  return interval
    ? `${change(mean)} [${change(interval.low)}, ${change(interval.high)}]`
    : `${change(mean)}, on too few queries for an interval`;
}

const change = (value: number) => formatChange(value, 1, 2);

/**
 * What negation does to words in common, as far as this run's numbers carry it; null where no query says "without".
 */
export function negationLesson({ intervals }: RankResult): string | null {
  const find = (first: string, second: string) =>
    intervals.differences.find(
      (one) => one.kind === NEGATION && one.first === first && one.second === second,
    );
  const [words, sum] = [find(BM25, RANDOM), find(SUM, P_YES)];
  if (!words || !sum) return null;
  const against =
    signShown(words) < 0
      ? `BM25 goes against it: it is worse than a random order (${withInterval(words)}), for the words that must not be there earn its points`
      : `it is not shown that BM25 is worse than a random order (${withInterval(words)})`;
  const adding =
    signShown(sum) < 0
      ? `adding BM25 to the judge hurts (${withInterval(sum)})`
      : signShown(sum) > 0
        ? `adding BM25 to the judge helps (${withInterval(sum)})`
        : `it is not shown that adding BM25 to the judge hurts (${withInterval(sum)})`;
  return `Where the query says “without”, ${against}; ${adding}. Differences of nDCG on ${queriesText(words.queries)}.`;
}
