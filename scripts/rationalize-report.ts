import type { Interval } from '../src/evaluate/bootstrap.ts';
import type { Metrics } from '../src/evaluate/metrics.ts';

/** How a judge did on the held-out items. All shares are 0–1. */
export type Measures = Pick<
  Metrics,
  | 'accuracy'
  | 'rationaleExact'
  | 'rationaleExactSlips'
  | 'mae'
  | 'pearson'
  | 'spearman'
  | 'qwk'
  | 'parseFailures'
  | 'items'
>;

/** One round of Self-Rationalization: the judge after it, and what it took. Differences are of accuracy. */
export interface RoundReport extends Measures {
  difference: Interval | null;
  differenceFromRemap: Interval | null;
  differenceFromPrevious: Interval | null;
  /** Exact rationales against the seed judge: over all items, and over the kinds that annotators slip on. */
  rationaleDifference: Interval | null;
  rationaleDifferenceSlips: Interval | null;
  pairs: number;
  steps: number;
  seconds: { sample: number; train: number; evaluate: number };
  tokensPerSecond: { sample: number; train: number };
}

export interface RationalizeReport {
  command: string;
  model: { name: string; hash: string };
  backend: string;
  device: string;
  settings: unknown;
  before: Measures;
  remap: Measures;
  rounds: RoundReport[];
}

const percent = (share: number | null) => (share === null ? '–' : (share * 100).toFixed(1));
const decimal = (value: number | null) => (value === null ? '–' : value.toFixed(3));
const points = (value: number) => `${value >= 0 ? '+' : '−'}${Math.abs(value * 100).toFixed(1)}`;
const interval = (difference: Interval | null | undefined) =>
  difference
    ? `${points(difference.mean)} [${points(difference.low)}, ${points(difference.high)}]`
    : '';

const HEAD = [
  'judge',
  'accuracy %',
  'exact rationales %',
  'on slips %',
  'MAE',
  'Pearson',
  'QWK',
  'unread %',
  'vs. before',
  'vs. remap',
];

function row(name: string, judge: Measures & Partial<RoundReport>): string[] {
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
  return rows
    .map((cells) =>
      cells
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The table of a run: before, remap, and each round, with paired 95 % intervals of accuracy in points. */
export function tableOf(report: RationalizeReport): string {
  return aligned([
    HEAD,
    row('before', report.before),
    row('remap', report.remap),
    ...report.rounds.map((round, i) => row(`round ${i + 1}`, round)),
  ]);
}

/** What each round took, in one line. */
export const costsOf = (report: RationalizeReport): string =>
  report.rounds
    .map(
      ({ pairs, steps, seconds, tokensPerSecond }, i) =>
        `round ${i + 1}: ${pairs} pairs, ${steps} steps; ` +
        `sampling ${seconds.sample.toFixed(0)} s (${tokensPerSecond.sample.toFixed(0)} tokens/s), ` +
        `training ${seconds.train.toFixed(0)} s (${tokensPerSecond.train.toFixed(0)} tokens/s), ` +
        `evaluation ${seconds.evaluate.toFixed(0)} s`,
    )
    .join('\n');
