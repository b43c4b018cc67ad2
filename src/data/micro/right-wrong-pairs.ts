/** Pairs as in JudgeBench (arXiv 2410.12784): two answers of one solver, of which one is right as a matter of fact. */
import { random, shuffled } from '../../judge/random.ts';
import type { Item } from '../../judge/item.ts';
import { questionId } from './exam.ts';

export interface RightWrongPair {
  /** The question's id (see `questionId`). */
  id: string;
  /** The two answers in the order in which they are to be shown first. */
  items: readonly [Item, Item];
  /** Where the right one stands. */
  label: 'first' | 'second';
  /** The family of the question, by which results are told apart. */
  source: string;
}

/** Right means fully right; an answer of score 4 is neither. */
const HIGHEST_WRONG = 3;

/**
 * One pair for each question to which a right answer (5) and a wrong one (3 or less) was given, in the order of the
 * questions; items without a score are passed over. Which two, and in which order, depends on seed and question alone,
 * not on the order of the items.
 */
export function rightWrongPairs(items: readonly Item[], seed: number): RightWrongPair[] {
  const byQuestion = new Map<string, Item[]>();
  for (const item of items) {
    const question = questionId(item);
    byQuestion.set(question, [...(byQuestion.get(question) ?? []), item]);
  }
  return [...byQuestion].flatMap(([question, answers]) => pairOf(question, answers, seed) ?? []);
}

function pairOf(question: string, answers: readonly Item[], seed: number): RightWrongPair | null {
  const next = random(seed, 'right-wrong', question);
  const mixed = shuffled(
    answers.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    next,
  );
  const right = mixed.find(({ score }) => score === 5);
  const wrong = mixed.find(({ score }) => score !== undefined && score <= HIGHEST_WRONG);
  if (!right || !wrong) return null;
  const label = next() < 0.5 ? 'first' : 'second';
  return {
    id: question,
    items: label === 'first' ? [right, wrong] : [wrong, right],
    label,
    source: right.family ?? 'other',
  };
}
