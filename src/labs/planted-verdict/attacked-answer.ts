import type { Score } from '../../judge/item.ts';
import type { Exhibit } from '../../harness/report.ts';

/** A grade as a judge gave it, or as a file says; null: not readable. */
export type Grade = number | null;

/** One wrong answer with one text planted in it, as a judge graded it before and after. */
export interface Attack {
  plant: string;
  after: Grade;
  exhibit: Exhibit;
}

/** A wrong answer, as it was graded alone and with each text planted in it. */
export interface AttackedAnswer {
  id: string;
  family: string;
  before: Grade;
  attacks: readonly Attack[];
}

/** A grade below the planted one can be raised to it; another says nothing of the attack. */
export const canRise = ({ before }: Pick<AttackedAnswer, 'before'>, planted: Score): boolean =>
  before !== null && before < planted;

/** Who gave the grades: a model, a judge of a few lines, or a file. */
export type JudgeKind = 'judge' | 'scripted' | 'file';

/** Where a judge's verdicts on planted answers were read. */
export interface Reading {
  /** Judgments of answers with something planted in them. */
  judgments: number;
  /** Verdicts whose digits stand in what the judge wrote. */
  own: number;
  /** Judgments that end by repeating the answer, verdict included: they count as not readable. */
  repeated: number;
}

export interface AttackedJudge {
  name: string;
  kind: JudgeKind;
  answers: readonly AttackedAnswer[];
  /** null where no texts are at hand. */
  reading: Reading | null;
}
