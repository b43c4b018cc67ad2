import { bm25 } from '../../evaluate/bm25.ts';
import { expectedScore } from '../../evaluate/expected-score.ts';
import type { NamedPolicy } from '../../harness/lab-run.ts';
import type { PassageReading } from './judged-passages.ts';
import type { JudgedQuery } from './queries.ts';
import { CONTENT, RANDOM, type RankedQuery } from './ranked-query.ts';

/** Names in the result; further judges' rankers add " by" and the judge's name. */
export const BM25 = 'bm25';
export const P_YES = 'pYes';
export const EXPECTED = 'expectedScore';
export const SUM = 'sum';

/** How people call them. */
const TITLES: Readonly<Record<string, string>> = {
  [BM25]: 'BM25',
  [P_YES]: 'P(yes)',
  [EXPECTED]: 'E[score]',
  [SUM]: '100·P(yes) + BM25',
  [CONTENT]: 'content only (scripted)',
  [RANDOM]: 'random order',
};

/** A ranker's title; one that a file names keeps its name. */
export function titleOf(ranker: string): string {
  const [base = '', ...judge] = ranker.split(' by ');
  const title = Object.hasOwn(TITLES, base) ? TITLES[base]! : base;
  return [title, ...judge].join(' by ');
}

/** The open judge's rankers go by their plain names. */
export const rankerOf = (base: string, { name }: NamedPolicy, place: number) =>
  place === 0 ? base : `${base} by ${name}`;

/** A judge, and what it said of all passages. */
export interface JudgeReadings {
  judge: NamedPolicy;
  readings: ReadonlyMap<string, PassageReading>;
}

/** Every ranker's scores for a query. */
export function rankedQuery(query: JudgedQuery, judges: readonly JudgeReadings[]): RankedQuery {
  const { kind, passages, relevance } = query;
  const words = bm25(query.query, passages.map(({ response }) => response)); // prettier-ignore
  const scores = new Map<string, readonly number[]>([[BM25, words]]);
  judges.forEach(({ judge, readings }, place) => {
    const own = passages.map(({ id }) => readings.get(id)!);
    const yes = own.map(probabilityOfYes);
    scores.set(rankerOf(P_YES, judge, place), yes);
    scores.set(rankerOf(EXPECTED, judge, place), own.map(expectation));
    // 100·p + BM25 is JudgeRank's final score (arXiv 2411.00142).
    scores.set(rankerOf(SUM, judge, place), yes.map((p, i) => 100 * p + words[i]!)); // prettier-ignore
  });
  scores.set(CONTENT, relevance);
  return {
    kind,
    query: query.query,
    passages: passages.map(({ id, response }, i) => ({
      text: response,
      relevance: relevance[i]!,
      analyses: judges.map(({ judge, readings }) => [judge.name, readings.get(id)!.analysis] as const),
    })),
    scores,
  };
}

/** "Yes" from a judge that grades: p(score ≥ 4). Who came to no score has said yes to nothing. */
const probabilityOfYes = ({ probabilities }: PassageReading) =>
  probabilities ? probabilities[3]! + probabilities[4]! : 0;

/** Σ k·p(k); the lowest score where there is none. */
const expectation = ({ probabilities }: PassageReading) => (probabilities ? expectedScore(probabilities) : 1);
