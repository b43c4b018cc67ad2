/** Exams in the micro world: questions that a model answers, and its answers as items with their true labels. */
import { itemId } from '../../judge/item-id.ts';
import type { Item, Split } from '../../judge/item.ts';
import type { Steps } from '../../judge/steps.ts';
import { FAMILIES } from './families/table.ts';
import { withoutMarks, withoutOpening } from './free-answer.ts';
import { MICRO_VERSION, belongs } from './items.ts';
import { gradedItem } from './oracle.ts';
import { RandomStream } from './random.ts';

/** Something to be answered. `reference` is a right answer in bare words, of many where a list is asked for. */
export interface ExamQuestion {
  /** See `questionId`. */
  id: string;
  instruction: string;
  criterion: string;
  family: string;
  reference: string;
}

/** Content hash of a question: every answer to it shares it. */
export function questionId({ instruction, criterion }: Pick<Item, 'instruction' | 'criterion'>): string {
  return itemId({ instruction, response: '', criterion });
}

/** The families in which an answer is right or wrong as a matter of fact. */
export const FACT_FAMILIES: readonly string[] = [
  'list: correct items', 'list: right letter', 'capitals', 'opposites', 'young animals', 'arithmetic', 'sorting',
]; // prettier-ignore

/** Draws in a row without a new question, after which there are hardly any left. */
const PATIENCE = 5000;

/** Thrown when more different questions are asked for than the micro world has, or for an unknown family. */
export class ExamError extends Error {
  override name = 'ExamError';
}

/**
 * `count` different questions in a fixed order, the families in equal shares as far as their questions go: a longer
 * exam begins with a shorter one. The reference, with its instruction, belongs to `split`: no judge was trained on it. A draw is a step.
 * @throws ExamError
 */
export function* examQuestions(
  split: Split,
  seed: number,
  count: number,
  families: readonly string[] = FACT_FAMILIES,
): Steps<ExamQuestion[]> {
  const questions = new Map<string, ExamQuestion>();
  for (let index = 0, last = 0; questions.size < count; index++) {
    yield;
    const question = drawQuestion(new RandomStream(MICRO_VERSION, 'questions', split, seed, index), families);
    if (belongs(split, question, { response: question.reference }) && !questions.has(question.id)) {
      questions.set(question.id, question);
      last = index;
    }
    if (index - last > PATIENCE)
      throw new ExamError(
        `${families.join(', ')}: only about ${questions.size} different questions. Ask for fewer, or of more families.`,
      );
  }
  return [...questions.values()];
}

function drawQuestion(random: RandomStream, families: readonly string[]): ExamQuestion {
  const name = random.pick(families);
  const family = FAMILIES.find((candidate) => candidate.name === name);
  if (!family)
    throw new ExamError(
      `There is no family "${name}". Known: ${FAMILIES.map((one) => one.name).join(', ')}.`,
    );
  const { criterion } = family;
  const task = family.ask(random, 'normal');
  const { instruction } = task;
  const reference = bareWords(task.answer(random, 5).response);
  return { id: questionId({ instruction, criterion }), instruction, criterion, family: name, reference };
}

/** "Paris, Rome" of "It is Paris, Rome.", and "11" of "4 + 7 = 11". */
const bareWords = (response: string) => withoutMarks(withoutOpening(response)).replace(/^.* = /, '');

/**
 * An answer to a question as an item with its true score and rationale.
 * @throws ExamError when the question is not of the micro language
 */
export function answeredItem(question: ExamQuestion, response: string): Item {
  const { instruction, criterion, reference } = question;
  const item = gradedItem({ instruction, response, criterion, reference });
  if (item) return item;
  throw new ExamError(`"${instruction}" is no question of the micro language under "${criterion}".`);
}
