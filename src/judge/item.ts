/** The five levels of the rubric, as in Prometheus and Self-Rationalization. */
export type Score = 1 | 2 | 3 | 4 | 5;

export const SCORES: readonly Score[] = [1, 2, 3, 4, 5];

/** One thing to be judged: an answer to an instruction, under a criterion. */
export interface Item {
  /** Content hash of instruction, response, criterion and reference (see `itemId`). */
  id: string;
  instruction: string;
  response: string;
  criterion: string;
  reference?: string;
  /** The true score, where it is known. */
  score?: Score;
  /** The true rationale, where it is known (micro data only). */
  rationale?: string;
  /** Task family of micro data, or whatever group an imported file names. */
  family?: string;
  /** True for the kinds of items on which the embedded judge's annotators slipped. */
  slip?: boolean;
}

/** The three parts that a project's items are divided into, once and for good. */
export type Split = 'train' | 'validation' | 'heldout';

/** The items of a data set in their three parts. */
export type SplitItems = Readonly<Record<Split, readonly Item[]>>;
