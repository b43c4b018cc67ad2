import {
  AGREEMENT_MEASURES,
  judgeAgreement,
  judgeAgreementIntervals,
  type AgreementMeasure,
  type JudgeAgreement,
} from '../../evaluate/judge-agreement.ts';
import { countsByTaker, takerScores } from '../../evaluate/taker-ranking.ts';
import { rowsBy } from '../../evaluate/verdict-table.ts';
import type { Steps } from '../../judge/steps.ts';
import type { VerdictRow } from '../../judge/verdict-table.ts';

export interface Range {
  low: number;
  high: number;
}

/** Shares are 0 to 1, unrounded; null where undefined. */
export interface JudgingTheJudges {
  judges: Record<string, JudgeAgreement>;
  /** 95 %, by bootstrap over items; null as a whole where only counts are known, whose rows share unknown items. */
  intervals: Record<string, Record<AgreementMeasure, Range | null>> | null;
  /** Mean label of each exam taker, and its mean verdict by each judge. */
  takers: { taker: string; truth: number; judged: Record<string, number | null> }[];
  /** Rows without a readable verdict, by judge. */
  unread: Record<string, number>;
  /** The same judges asked by other prompts, known without exam takers; released verdicts have it. */
  otherPrompts?: Record<string, JudgeAgreement>;
}

/** The rows of each judge; rows that name none are of one judge "judge". */
export function rowsByJudge(rows: readonly VerdictRow[]): Map<string, VerdictRow[]> {
  const named = rows.map((row) => (row.judge === null ? { ...row, judge: 'judge' } : row));
  return new Map([...rowsBy(named, 'judge')].map(([judge, own]) => [judge!, own]));
}

/**
 * All measures of all judges of a verdict table whose verdicts and labels are 1, 0 or absent.
 * @param truth takers' true scores, where they are known better than from the rows that a judge could read
 */
export function measureJudges(
  rows: readonly VerdictRow[],
  truth?: ReadonlyMap<string, number>,
): Omit<JudgingTheJudges, 'intervals'> {
  const byJudge = [...rowsByJudge(rows)];
  const ofEach = <Value>(read: (own: readonly VerdictRow[]) => Value) =>
    Object.fromEntries(byJudge.map(([judge, own]) => [judge, read(own)]));
  return {
    judges: ofEach((own) => judgeAgreement(own, truth)),
    takers: scoresOfTakers(rows, byJudge, truth),
    unread: ofEach((own) => own.filter(({ verdict }) => verdict === null).length),
  };
}

export function* judgeIntervals(
  rows: readonly VerdictRow[],
  seed: number,
): Steps<NonNullable<JudgingTheJudges['intervals']>> {
  const intervals: NonNullable<JudgingTheJudges['intervals']> = {};
  for (const [judge, own] of rowsByJudge(rows)) {
    const found = yield* judgeAgreementIntervals(own, { seed });
    const range = (measure: AgreementMeasure): Range | null => {
      const interval = found[measure];
      return interval && { low: interval.low, high: interval.high };
    };
    const ranges = AGREEMENT_MEASURES.map((measure) => [measure, range(measure)]);
    intervals[judge] = Object.fromEntries(ranges) as Record<AgreementMeasure, Range | null>;
  }
  return intervals;
}

function scoresOfTakers(
  rows: readonly VerdictRow[],
  byJudge: readonly (readonly [string, readonly VerdictRow[]])[],
  truth: ReadonlyMap<string, number> | undefined,
): JudgingTheJudges['takers'] {
  const judged = byJudge.map(([judge, own]) => {
    const scores = takerScores(countsByTaker(own));
    return [judge, new Map(scores.map((score) => [score.taker, score.judged]))] as const;
  });
  return [...rowsBy(rows, 'taker')].flatMap(([taker, own]) => {
    const labels = own.flatMap(({ label }) => (typeof label === 'number' ? [label] : []));
    if (taker === null || labels.length === 0) return [];
    return {
      taker,
      truth: truth?.get(taker) ?? labels.reduce((sum, label) => sum + label, 0) / labels.length,
      judged: Object.fromEntries(judged.map(([judge, scores]) => [judge, scores.get(taker) ?? null])),
    };
  });
}
