import {
  mistBoundary,
  multiThresholdBoundary,
  readBoundary,
  scoreOnlyBoundary,
  type BoundaryReading,
  type BoundaryRule,
} from '../../evaluate/score-uncertainty-boundary.ts';
import { binOf } from '../../evaluate/quantile-bins.ts';
import {
  binningOf,
  gridOf,
  type Binning,
  type UncertainScore,
  type UncertaintyGrid,
} from '../../evaluate/uncertainty-grid.ts';
import { random, shuffled } from '../../judge/random.ts';
import type { Settings } from './fields.ts';

const RULES = {
  scoreOnly: scoreOnlyBoundary,
  mist: mistBoundary,
  dp: multiThresholdBoundary,
} as const satisfies Record<string, BoundaryRule>;

export type RuleName = keyof typeof RULES;
export const RULE_NAMES = Object.keys(RULES) as RuleName[];
export const RULE_TITLES: Readonly<Record<RuleName, string>> = {
  scoreOnly: 'score only',
  mist: 'MIST (isotonic)',
  dp: 'DP (best staircase)',
};

/** The same for each rule. */
export function byRule<T>(value: (rule: RuleName) => T): Record<RuleName, T> {
  return Object.fromEntries(RULE_NAMES.map((rule) => [rule, value(rule)])) as Record<RuleName, T>;
}

/** Boundaries fitted on one half of the items, and what they do on the other. */
export interface Trial {
  binning: Binning;
  /** The half that tests, in the bins of the half that fitted. */
  grid: UncertaintyGrid;
  firstBins: Record<RuleName, number[]>;
  /** On the half that tests. What a rule reached on the half that fitted it is not kept: it flatters. */
  readings: Record<RuleName, BoundaryReading>;
}

export function trialOf(
  fit: readonly UncertainScore[],
  test: readonly UncertainScore[],
  { levels, bins, sigma }: Pick<Settings, 'levels' | 'bins' | 'sigma'>,
): Trial {
  const binning = binningOf(fit, { levels, bins });
  const fitted = gridOf(fit, binning);
  const grid = gridOf(test, binning);
  const firstBins = byRule((rule) => RULES[rule](fitted, sigma).firstBins);
  return { binning, grid, firstBins, readings: byRule((rule) => readBoundary(firstBins[rule], grid)) };
}

/** Where an item lies in the map. */
export function cellOf({ score, uncertainty }: UncertainScore, { scoreCuts, uncertaintyCuts }: Binning) {
  return { level: binOf(uncertainty, uncertaintyCuts), bin: binOf(score, scoreCuts) };
}

/** Whether a rule takes an item for positive. */
export function selects({ binning, firstBins }: Trial, rule: RuleName, item: UncertainScore): boolean {
  const { level, bin } = cellOf(item, binning);
  return bin >= firstBins[rule][level]!;
}

/** Two random halves; `split` numbers the division. */
export function halvesOf<T>(items: readonly T[], seed: number, split: number): { fit: T[]; test: T[] } {
  const order = shuffled(items, random(seed, 'halves', split));
  const middle = Math.floor(order.length / 2);
  return { fit: order.slice(0, middle), test: order.slice(middle) };
}
