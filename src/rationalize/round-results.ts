import type { Interval } from '../evaluate/resample.ts';
import type { Cells, GainSources } from '../evaluate/cells.ts';
import type { Flip } from '../evaluate/flips.ts';
import type { MeasureName, Metrics } from '../evaluate/metrics.ts';
import type { SelfTest } from './self-test.ts';

/** A judge on the held-out items, with the 2 × 2 where true rationales are known. */
export interface JudgeResults extends Metrics {
  cells: Cells | null;
}

/** What the stages of a round came to (`fingerprints.ts`). */
export interface RoundFingerprints {
  /** Grades of the seed judge on the held-out items. */
  before: string;
  /** Sampled token ids. */
  samples: string;
  /** Pairs trained on, and what a person decided about them. */
  pairs: string;
  /** Grades of the round's judge on the held-out items. */
  grades: string;
}

/** A round's judge on the held-out items, beside the judges it is compared with. */
export interface RoundResults extends JudgeResults {
  round: number;
  policy: string;
  /** Differences in accuracy, with paired 95 % intervals over resampled prompts. */
  difference: Interval;
  differenceFromRemap: Interval;
  differenceFromPrevious: Interval;
  /** Differences of every measure against the seed judge. */
  differences: Record<MeasureName, Interval | null>;
  /** Differences in exact rationales against the seed judge; null without true rationales. */
  rationaleDifference: Interval | null;
  rationaleDifferenceSlips: Interval | null;
  gainSources: GainSources | null;
  sentence: string | null;
  flips: Flip[];
  pairs: number;
  steps: number;
  seconds: { sample: number; train: number; evaluate: number };
  tokensPerSecond: { sample: number | null; train: number | null };
  selfTest: SelfTest | null;
  /** Share of the training time that the watched validation items took. */
  snapshotShare: number | null;
  /** Results from before there were any have none. */
  fingerprints?: RoundFingerprints;
}
