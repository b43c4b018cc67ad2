import type { ExamQuestion } from '../data/micro/exam.ts';
import type { Item, Score, SplitItems } from '../judge/item.ts';
import type { VerdictRow } from '../judge/verdict-table.ts';
import { sitExam, type ExamTaker } from './exam.ts';
import type { Place } from './job.ts';
import { greedy, judgmentsOf } from './judge-items.ts';
import type { JudgmentRecord } from './judgment-store.ts';
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
  place: Place,
  takers: readonly ExamTaker[],
  questions: readonly ExamQuestion[],
  seed: number,
): Promise<GradedAnswer[]> {
  const answers: GradedAnswer[] = [];
  for (const taker of takers) {
    const given = await sitExam(bench, place, taker, questions, { samples: 1, seed });
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

/** As many tokens as a judgment of Self-Rationalization may have. */
const JUDGMENT_TOKENS = 110;

/** A judge's likeliest judgment of each answer, by the answer's id. */
export async function greedyJudgments(
  bench: Workbench,
  place: Place,
  policy: string,
  answers: readonly GradedAnswer[],
): Promise<Map<string, JudgmentRecord>> {
  const items = answers.map(({ item }) => item);
  const sampling = greedy(JUDGMENT_TOKENS);
  const request = { ...place, policy, protocol: bench.protocol, items, samples: 1, sampling };
  const judged = await judgmentsOf<Item>(bench, request);
  return new Map([...judged].map(([id, judgments]) => [id, judgments[0]!]));
}

/** The score that a judgment gives; null where it could not be read. */
export function scoreOf(judgment: JudgmentRecord | undefined): Score | null {
  return judgment?.verdict.kind === 'score' ? judgment.verdict.score : null;
}

/**
 * A judge's row of the verdict table about an answer. A judge passes what it scores `threshold` or more; truly right is
 * a 5 alone.
 */
export function passRow(
  judge: string,
  { item, taker, question }: GradedAnswer,
  score: Score | null,
  threshold: number,
): VerdictRow {
  return {
    item: question,
    group: item.family ?? null,
    judge,
    taker,
    order: null,
    variant: null,
    verdict: score === null ? null : Number(score >= threshold),
    label: Number(item.score === 5),
  };
}
