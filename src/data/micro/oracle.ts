/**
 * The truth about any text of the micro language, whoever wrote it. Each family grades by the one implementation of
 * its formula that its generator uses too; how free text is taken apart stands in `free-answer.ts`. What the
 * generators never write is graded so:
 *
 * - An answer that says nothing scores 1 under every criterion, even where its figures would be better.
 * - A word outside the micro world belongs to no category and is no fact, but it counts as a word, as an item, and
 *   by its first letter.
 * - Lists are graded over the items given ('right count' alone asks how many those are). Facts and sorted numbers are
 *   graded over those asked or those given, whichever are more: what is missing is wrong, and so is what is too much.
 * - Of several numbers the last is the result of a sum; a result that is not whole is off by the next whole number;
 *   an answer without a number scores 1.
 * - Polite and rude words count as often as they are said; 'within limit' counts every word, an opening too.
 */
import { itemId, type ItemContent } from '../../judge/item-id.ts';
import type { Item } from '../../judge/item.ts';
import { rationaleOf, type Family, type Grade } from './family.ts';
import { saysNothing } from './free-answer.ts';
import { FAMILIES } from './families/table.ts';

const NOTHING_SAID: Grade = { steps: 'Nothing is said.', summary: 'No answer.', score: 1 };

/**
 * The true score and reasons of an answer; `rationaleOf` joins the reasons. Null when the instruction, under this
 * criterion, is not of the micro language. Never throws.
 */
export function grade(instruction: string, response: string, criterion: string): Grade | null {
  const judged = familyOf(instruction, criterion)?.grade(instruction, response) ?? null;
  return judged && saysNothing(response) ? NOTHING_SAID : judged;
}

/** The family that an instruction belongs to under this criterion: facts have one criterion and three families. */
export function familyOf(instruction: string, criterion: string): Family | null {
  return (
    FAMILIES.find((family) => family.criterion === criterion && family.grade(instruction, '') !== null) ??
    null
  );
}

/** Any answer as an item with its true labels; null when its question is not of the micro language. */
export function gradedItem(content: ItemContent): Item | null {
  const { instruction, response, criterion } = content;
  const family = familyOf(instruction, criterion);
  const truth = grade(instruction, response, criterion);
  if (!family || !truth) return null;
  return {
    id: itemId(content),
    ...content,
    score: truth.score,
    rationale: rationaleOf(truth),
    family: family.name,
    slip: truth.slip !== undefined,
  };
}
