import { rationaleOf } from '../../../data/micro/family.ts';
import { grade } from '../../../data/micro/oracle.ts';
import type { ItemContent } from '../../../judge/item-id.ts';
import type { Score } from '../../../judge/item.ts';

/** What a judge should have said of an item. */
export interface RightGrade {
  score: Score;
  /** How the score is worked out, in sentences. */
  reason: string;
}

/** On a micro task, whoever wrote its words, the truth can be worked out; null for any other. */
export function rightGradeOf({ instruction, response, criterion }: ItemContent): RightGrade | null {
  const truth = grade(instruction, response, criterion);
  return truth && { score: truth.score, reason: rationaleOf(truth) };
}
