import type { RuleName } from './rules.ts';
import type { NearTop } from './same-score.ts';
import type { SplitGain } from './split-gain.ts';

/** The middle 95 %; null where undefined. */
export type Bounds = { low: number; high: number } | null;

/** What a rule finds on the half that did not fit it. Shares are 0–1; null where undefined. */
export interface RuleResult {
  /** Share of the positive items that it takes for positive. */
  recall: number | null;
  /** Share of positive ones among those that it takes for positive. */
  precision: number | null;
  /** How many it takes for positive. */
  selected: number;
}

/** The same, over many random halves. */
export interface RuleOverSplits {
  /** Means; a half in which nothing was taken has no precision. */
  recall: number | null;
  precision: number | null;
  /** Share of the halves in which the wanted precision held on the half that did not fit the rule. */
  kept: number;
}

/** The map of the first division into halves: items of the half that tests, in the bins of the other. */
export interface MapResult {
  scoreCuts: number[];
  uncertaintyCuts: number[];
  items: number[][];
  positives: number[][];
  /** First score bin that a rule takes, by uncertainty level; the number of bins where it takes none. */
  firstBins: Record<RuleName, number[]>;
}

/** What one judge's scores and their spread are worth. */
export interface JudgeResult {
  /** Items with two readable scores or more, and how many had fewer. */
  items: number;
  leftOut: number;
  /** Share of positive ones. */
  positivity: number;
  /** On the testing half of the first division. */
  rules: Record<RuleName, RuleResult>;
  overSplits: Record<RuleName, RuleOverSplits>;
  /** Recall of DP, and of MIST, less that of the score alone, over all divisions; null where no half has positives. */
  gain: SplitGain | null;
  mistGain: SplitGain | null;
  /** The mean score from which an item counts as near the top. */
  nearTop: number;
  /** Near the top and all samples equal; near the top and not. */
  agreeing: NearTop;
  spread: NearTop;
  map: MapResult;
  intervals: {
    rules: Record<RuleName, { recall: Bounds; precision: Bounds }>;
    gain: Bounds;
    mistGain: Bounds;
    agreeing: Bounds;
    spread: Bounds;
    /** Positivity of the agreeing less that of the others. */
    agreeingLessSpread: Bounds;
  };
}

export interface UncertaintyResult extends JudgeResult {
  /** Name of the judge that all of the above is about. */
  judge: string;
  /** The others, by name, on the same items. */
  others: Record<string, JudgeResult>;
}
