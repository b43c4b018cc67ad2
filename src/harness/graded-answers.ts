import type { ExamQuestion } from '../data/micro/exam.ts';
import type { Item, Score, SplitItems } from '../judge/item.ts';
import { sitExam, type ExamTaker } from './exam.ts';
import type { Workbench } from './workbench.ts';

/** An answer whose true score is known, and who gave it. */
export interface GradedAnswer {
  item: Item & { score: Score };
  taker: string;
  /** What it answers: several takers' answers to one question share its difficulty. */
  question: string;
}

/** One answer of each taker to each question, graded by the oracle; answers that were cut are left out. */
export async function examAnswers(
  bench: Workbench,
  takers: readonly ExamTaker[],
  questions: readonly ExamQuestion[],
  seed: number,
): Promise<GradedAnswer[]> {
  const answers: GradedAnswer[] = [];
  for (const taker of takers) {
    const given = await sitExam(bench, { stage: 'Sitting the exam' }, taker, questions, { samples: 1, seed });
    for (const { item, question } of given)
      if (isGraded(item)) answers.push({ item, taker: taker.name, question: question.id });
  }
  return answers;
}

/** The reader's own held-out answers that have labels; their families stand for exam takers. */
export function ownAnswers({ heldout }: SplitItems, most: number): GradedAnswer[] {
  return heldout
    .filter(isGraded)
    .slice(0, most)
    .map((item) => ({ item, taker: item.family ?? 'own items', question: item.instruction }));
}

const isGraded = (item: Item): item is Item & { score: Score } => item.score !== undefined;
