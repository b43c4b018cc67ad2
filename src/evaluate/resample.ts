import { random } from '../judge/random.ts';
import type { Steps } from '../judge/steps.ts';

/** A value with its 95 % interval. */
export interface Interval {
  mean: number;
  low: number;
  high: number;
}

export interface BootstrapOptions {
  seed?: number;
  resamples?: number;
}

/** What is kept of a draw while its groups arrive one by one. */
export interface Tally {
  clear: () => void;
  add: (group: Indices) => void;
}

/** Indices of the rows that are drawn together. */
export type Indices = ArrayLike<number>;

const RESAMPLES = 2000;

/**
 * The bootstrap itself: draws as many groups as there are, with replacement, and reads every statistic off the tally
 * of each draw. Percentile intervals; `mean` is the statistic of all groups, each once. null where that is undefined;
 * draws in which a statistic is undefined are left out of its interval. Each draw is a step.
 */
export function* resample(
  groups: readonly Indices[],
  tally: Tally,
  statistics: readonly (() => number | null)[],
  { seed = 0, resamples = RESAMPLES }: BootstrapOptions = {},
): Steps<(Interval | null)[]> {
  tally.clear();
  for (const group of groups) tally.add(group);
  const means = statistics.map((statistic) => statistic());
  const draws: number[][] = statistics.map(() => []);
  const next = random(seed, 'bootstrap');
  for (let r = 0; r < resamples; r++) {
    yield;
    tally.clear();
    for (let g = 0; g < groups.length; g++) tally.add(groups[Math.floor(next() * groups.length)]!);
    statistics.forEach((statistic, s) => {
      const value = statistic();
      if (value !== null) draws[s]!.push(value);
    });
  }
  return means.map((mean, s) => (mean === null ? null : { mean, ...percentiles(draws[s]!) }));
}

/** Indices of the rows of each group, groups in order of appearance. */
export function groupIndices(groups: readonly (string | null)[]): Int32Array[] {
  const members = new Map<string | null, number[]>();
  groups.forEach((group, index) => {
    const known = members.get(group);
    if (known) known.push(index);
    else members.set(group, [index]);
  });
  return [...members.values()].map((indices) => Int32Array.from(indices));
}

/** The middle 95 %. */
function percentiles(values: number[]): { low: number; high: number } {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
  return { low: at(0.025), high: at(0.975) };
}
