import type { Score } from '../../judge/item.ts';

/** One of the answers to a question. */
export interface Candidate {
  /** The answer itself, or the name that a file gives it. */
  text: string;
  right: boolean;
  /** By the oracle; unknown where a file says only right or wrong. */
  score?: Score;
  /** By measure: higher speaks for the answer, −∞ where the judge's verdict on it could not be read. */
  confidences: Readonly<Record<string, number>>;
}

/** A question with the different answers that it got: at least one. */
export interface AnsweredQuestion {
  id: string;
  /** What was asked, or the name that a file gives it. */
  text: string;
  candidates: readonly Candidate[];
}
