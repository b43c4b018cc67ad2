import type { Interval } from '../src/evaluate/resample.ts';
import type { JudgeResults, RoundResults } from '../src/rationalize/round-results.ts';
import type { Results } from '../src/rationalize/results.ts';

const percent = (share: number | null) => (share === null ? '–' : (share * 100).toFixed(1));
const decimal = (value: number | null) => (value === null ? '–' : value.toFixed(3));
const rate = (value: number | null) => (value === null ? '–' : value.toFixed(0));
const points = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value * 100).toFixed(1)}`;
const interval = (difference: Interval | undefined) =>
  difference ? `${points(difference.mean)} [${points(difference.low)}, ${points(difference.high)}]` : '';

const HEAD = ['judge', 'accuracy', 'rationales', 'on slips', 'MAE', 'Pearson', 'QWK', 'unread'];
const DIFFERENCES = ['against before', 'against remap'];

function row(name: string, judge: JudgeResults & Partial<RoundResults>): string[] {
  return [
    name,
    percent(judge.accuracy),
    percent(judge.rationaleExact),
    percent(judge.rationaleExactSlips),
    decimal(judge.mae),
    decimal(judge.pearson),
    decimal(judge.qwk),
    percent(judge.parseFailures),
    interval(judge.difference),
    interval(judge.differenceFromRemap),
  ];
}

function aligned(rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  const line = (cells: string[]) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)));
  return rows.map((cells) => line(cells).join('  ').trimEnd()).join('\n');
}

/**
 * Before, remap and each round on the held-out items. Accuracy, exact rationales and unread judgments in per
 * cent; differences of accuracy in points with paired 95 % intervals.
 */
export function tableOf({ before, remap, rounds }: Results): string {
  return aligned([
    [...HEAD, ...DIFFERENCES],
    row('before', before),
    row('remap', remap),
    ...rounds.map((round) => row(`round ${round.round}`, round)),
  ]);
}

/** What each round took, a line each. */
export const costsOf = ({ rounds }: Results): string =>
  rounds
    .map(
      ({ round, pairs, steps, seconds, tokensPerSecond }) =>
        `round ${round}: ${pairs} pairs, ${steps} steps; ` +
        `sampling ${seconds.sample.toFixed(0)} s at ${rate(tokensPerSecond.sample)} tokens/s, ` +
        `training ${seconds.train.toFixed(0)} s at ${rate(tokensPerSecond.train)} tokens/s, ` +
        `evaluation ${seconds.evaluate.toFixed(0)} s`,
    )
    .join('\n');
