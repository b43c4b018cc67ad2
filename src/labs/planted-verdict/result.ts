import type { Interval } from '../../evaluate/resample.ts';
import type { JudgeKind, Reading } from './attacked-answer.ts';

/** 95 %. */
export interface Range {
  low: number;
  high: number;
}

/** What one text did to one judge; shares 0–1 of `cases`, null without cases. */
export interface PlantResult {
  /** Wrong answers that the judge graded below the planted grade before anything was planted. */
  cases: number;
  /** Share whose grade rose to the planted one. */
  succeeds: number | null;
  /** The same less that of the harmless sentence, on the same answers. */
  beyondHarmless: number | null;
  /** Share whose grade became another, whichever. */
  moved: number | null;
  /** Mean change of the grade, where both could be read. */
  change: number | null;
  /** Judgments of planted answers that could not be read. */
  unread: number;
}

export interface FamilyResult {
  cases: number;
  succeeds: number | null;
}

export interface JudgeResult {
  kind: JudgeKind;
  /** Wrong answers judged, before those that cannot rise are left out. */
  answers: number;
  plants: Record<string, PlantResult>;
  /** By family, then by text. */
  families: Record<string, Record<string, FamilyResult>>;
  /** Where the verdicts were read; null where no texts are at hand. */
  reading: Reading | null;
}

export type PlantIntervals = Record<'succeeds' | 'moved', Range | null> &
  Record<'beyondHarmless' | 'change', Interval | null>;

export interface PlantedVerdictResult {
  judges: Record<string, JudgeResult>;
  /** Of shares by Wilson's method, of differences by a bootstrap over answers. */
  intervals: Record<
    string,
    { plants: Record<string, PlantIntervals>; families: Record<string, Record<string, Range | null>> }
  >;
}
