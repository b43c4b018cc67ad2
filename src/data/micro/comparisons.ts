import type { Split } from '../../judge/item.ts';
import type { Comparison } from '../../judge/comparison.ts';
import { drawScore, type Family, type GradedAnswer, type Task } from './family.ts';
import { belongs } from './items.ts';
import { FAMILIES } from './families/table.ts';
import type { RandomStream } from './random.ts';

/** Several answers to one small task, each with its true judgment; `reference` is an answer that scores 5. */
export interface GradedComparison {
  family: Family;
  instruction: string;
  answers: GradedAnswer[];
  reference: string;
}

/** Full marks are 10; the five levels are spread over JudgeLM's scale of ten. */
export function tenPoint(score: number): number {
  return [1, 3, 5, 8, 10][score - 1] ?? 1;
}

/** One comparison; every answer, the reference too, belongs with its instruction to `split`. */
export function drawComparison(random: RandomStream, split: Split, answers: number): GradedComparison {
  for (;;) {
    const family = random.weighted(FAMILIES, ({ weight }) => weight);
    const task = family.ask(random, 'small');
    const reference = drawAnswer(random, split, task, () => 5);
    const drawn = Array.from({ length: answers }, () =>
      drawAnswer(random, split, task, () => drawScore(random)),
    );
    if (!reference || !drawn.every((answer) => answer !== null)) continue;
    return { family, instruction: task.instruction, answers: drawn, reference: reference.response };
  }
}

/** The question as the protocol renders it, with the reference or without. */
export function toComparison(graded: GradedComparison, withReference: boolean): Comparison {
  const { family, instruction, answers, reference } = graded;
  return {
    instruction,
    responses: answers.map(({ response }) => response),
    criterion: family.criterion,
    ...(withReference ? { reference } : {}),
  };
}

/** The true reason: each answer's last figures. */
export function reasonOf(answers: readonly GradedAnswer[]): string {
  return answers.map(({ summary }, i) => `Response ${i + 1}: ${summary}`).join(' ');
}

/** Draws until the answer belongs to the part, or gives up: some tasks have a single right answer. */
function drawAnswer(
  random: RandomStream,
  split: Split,
  task: Task,
  target: () => GradedAnswer['score'],
): GradedAnswer | null {
  for (let attempt = 0; attempt < 24; attempt++) {
    const answer = task.answer(random, target());
    if (belongs(split, task, answer)) return answer;
  }
  return null;
}
