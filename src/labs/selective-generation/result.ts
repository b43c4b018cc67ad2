/** What a measure is worth. Shares are 0–1; null where undefined (all picks right, or all wrong). */
export interface Worth {
  /** Share of right ones among what it picked. */
  accuracy: number | null;
  /** AUROC of its confidence for the pick being right: can it tell when it is right? */
  calibrationAuc: number | null;
  /** Mean quality over all coverages: what is it worth to let it decide when to stay silent? */
  selectiveAuc: number | null;
}

/** The middle 95 % of bootstrap draws of questions; null where no draw defines it. */
export type Bounds = { low: number; high: number } | null;

/** A point of a curve: the quality of the questions answered so far, surest first. */
export interface CurvePoint {
  coverage: number;
  quality: number;
  /** How many questions are answered. */
  answered: number;
}

export interface SelectiveResult {
  measures: Record<string, Worth & { questions: number }>;
  /** What each other measure is worth more than the baseline, on the questions that both have. */
  ahead: Record<string, Worth>;
  /** The first measure: likelihood, or the first that a file names. */
  baseline: string;
  /** The measure that was chosen beforehand to be compared with the baseline; null where there is only one. */
  compared: string | null;
  /** What picking an answer at random would get right, on average. */
  randomPick: number;
  /** Share of the questions with a right answer among the candidates: no picking gets more. */
  atLeastOneRight: number;
  questions: number;
  /** Different answers in all. */
  answers: number;
  curves: Record<string, CurvePoint[]>;
  intervals: {
    measures: Record<string, Record<keyof Worth, Bounds>>;
    ahead: Record<string, Record<keyof Worth, Bounds>>;
    randomPick: Bounds;
    atLeastOneRight: Bounds;
  };
}
