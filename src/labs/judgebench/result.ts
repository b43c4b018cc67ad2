import { pairCounts, type PairCounts } from '../../evaluate/order-votes.ts';
import { wilsonInterval } from '../../evaluate/wilson.ts';
import { groupBy } from '../../harness/group-by.ts';
import type { LabOutcome } from '../../harness/lab-run.ts';
import { exhibitsOf } from './exhibits.ts';
import type { JudgeBenchSettings } from './fields.ts';
import type { JudgeKind, JudgeOnPairs, VotedPair } from './judge-on-pairs.ts';

export interface JudgeResult extends PairCounts {
  kind: JudgeKind;
  /** Verdicts, not pairs, that could not be read. */
  unread: number;
  bySource: Record<string, PairCounts>;
}

/** Counts of pairs; `accuracy` is right pairs of all, 0–1. */
export interface JudgeBenchResult {
  rule: JudgeBenchSettings['rule'];
  judges: Record<string, JudgeResult>;
  /** 95 % intervals over pairs, by judge (`wilsonInterval`). */
  intervals: Record<string, { accuracy: { low: number; high: number } | null }>;
}

/** Counts by the rule that the settings name, and the pairs behind them. */
export function outcomeOf(
  judges: readonly JudgeOnPairs[],
  { rule }: Pick<JudgeBenchSettings, 'rule'>,
): LabOutcome<JudgeBenchResult> {
  const ruled = rule === 'both' ? judges : judges.map(onlyFirstGames);
  const results = ruled.map((judge) => [judge.name, judgeResult(judge)] as const);
  const intervals = results.map(
    ([name, { right, pairs }]) => [name, { accuracy: wilsonInterval(right, pairs) }] as const,
  );
  const result = {
    rule,
    judges: Object.fromEntries(results),
    intervals: Object.fromEntries(intervals),
  };
  return { result, exhibits: exhibitsOf(ruled) };
}

function onlyFirstGames(judge: JudgeOnPairs): JudgeOnPairs {
  return { ...judge, pairs: judge.pairs.map((pair) => ({ ...pair, votes: pair.votes.slice(0, 1) })) };
}

function judgeResult({ kind, pairs }: JudgeOnPairs): JudgeResult {
  const countsOf = (some: readonly VotedPair[]) => pairCounts(some.map(({ votes }) => votes));
  const bySource = [...groupBy(pairs, ({ source }) => source)].map(
    ([source, own]) => [source, countsOf(own)] as const,
  );
  return {
    ...countsOf(pairs),
    kind,
    unread: pairs.flatMap(({ votes }) => votes).filter((vote) => vote === null).length,
    bySource: Object.fromEntries(bySource.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
