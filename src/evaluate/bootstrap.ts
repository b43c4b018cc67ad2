import type { Steps } from '../judge/steps.ts';
import { cellOf, COLUMNS, ROWS, type Confusion } from './confusion.ts';
import type { Outcome } from './outcome.ts';
import { groupIndices, resample, type BootstrapOptions, type Indices, type Interval } from './resample.ts';

/** Any measure that can be read off a confusion matrix. */
export type Measure = (confusion: Confusion) => number | null;

/**
 * Paired bootstrap of `measure(after) − measure(before)`: percentile interval over resampled prompts. All items
 * of one prompt are drawn together, for they share its difficulty, and both judges are read on the same draw.
 * null where the measure itself is undefined; resamples in which it is undefined are left out.
 *
 * @throws RangeError when the two lists are not the same items in the same order.
 */
export function* pairedDifference(
  before: readonly Outcome[],
  after: readonly Outcome[],
  measure: Measure,
  options: BootstrapOptions = {},
): Steps<Interval | null> {
  return (yield* pairedDifferences(before, after, { measure }, options)).measure;
}

/** The same for several measures on the same draws, which costs hardly more than one. */
export function* pairedDifferences<Name extends string>(
  before: readonly Outcome[],
  after: readonly Outcome[],
  measures: Record<Name, Measure>,
  options: BootstrapOptions = {},
): Steps<Record<Name, Interval | null>> {
  assertPaired(before, after);
  const names = Object.keys(measures) as Name[];
  const statistics = names.map((name): Statistic => ([first, second]) => {
    return subtract(measures[name](second!), measures[name](first!));
  });
  const intervals = yield* bootstrap([before, after].map(cellsOf), groupsOf(before), statistics, options);
  return Object.fromEntries(names.map((name, i) => [name, intervals[i]!])) as Record<Name, Interval | null>;
}

/** Bootstrap interval of one judge's measure. */
export function* intervalOf(
  outcomes: readonly Outcome[],
  measure: Measure,
  options: BootstrapOptions = {},
): Steps<Interval | null> {
  const statistic: Statistic = ([only]) => measure(only!);
  return (yield* bootstrap([cellsOf(outcomes)], groupsOf(outcomes), [statistic], options))[0]!;
}

/**
 * Paired bootstrap of the difference in exact rationales, over the items whose true rationale is known.
 * A yes-or-no outcome is counted in the same matrix: "label 1, score 1" for yes, unread for no.
 */
export function* pairedRationaleDifference(
  before: readonly Outcome[],
  after: readonly Outcome[],
  options: BootstrapOptions = {},
): Steps<Interval | null> {
  assertPaired(before, after);
  const known = before.flatMap((outcome, i) => (outcome.rationaleExact === null ? [] : [i]));
  const asScore = (outcomes: readonly Outcome[]): Outcome[] =>
    known.map((i) => ({ ...outcomes[i]!, label: 1, score: outcomes[i]!.rationaleExact ? 1 : null }));
  return yield* pairedDifference(
    asScore(before),
    asScore(after),
    (counts) => ratio(counts[1]!, counts[0]!),
    options,
  );
}

type Statistic = (confusions: Confusion[]) => number | null;

/** The fast path: a draw is kept as one confusion matrix for each judge, and never as a list of rows. */
function* bootstrap(
  judges: Uint8Array[],
  groups: Int32Array[],
  statistics: Statistic[],
  options: BootstrapOptions,
): Steps<(Interval | null)[]> {
  const confusions = judges.map(() => new Float64Array(ROWS * COLUMNS));
  const clear = () => {
    for (const confusion of confusions) confusion.fill(0);
  };
  const add = (group: Indices) => {
    for (let j = 0; j < judges.length; j++)
      for (let i = 0; i < group.length; i++) confusions[j]![judges[j]![group[i]!]!]! += 1;
  };
  const readings = statistics.map((statistic) => () => statistic(confusions));
  return yield* resample(groups, { clear, add }, readings, options);
}

function cellsOf(outcomes: readonly Outcome[]): Uint8Array {
  return Uint8Array.from(outcomes, cellOf);
}

/** Indices of the outcomes of each prompt. */
function groupsOf(outcomes: readonly Outcome[]): Int32Array[] {
  return groupIndices(outcomes.map(({ group }) => group));
}

function assertPaired(before: readonly Outcome[], after: readonly Outcome[]): void {
  const same =
    before.length === after.length && before.every((outcome, i) => outcome.itemId === after[i]!.itemId);
  if (!same)
    throw new RangeError('A paired comparison needs the same items in the same order on both sides.');
}

function subtract(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b;
}

function ratio(yes: number, no: number): number | null {
  return yes + no === 0 ? null : yes / (yes + no);
}
