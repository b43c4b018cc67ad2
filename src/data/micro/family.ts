import type { Score } from '../../judge/item.ts';
import type { RandomStream } from './random.ts';

/** The true judgment of one answer. Its rationale is `steps` and then `summary` (see `rationaleOf`). */
export interface Grade {
  /** The work, one step after the other. */
  steps: string;
  /** The last figures, from which the score follows by the criterion's formula. */
  summary: string;
  score: Score;
  /** In the condition in which the seed annotator slips: the summary as it is then written. */
  slip?: { summary: string; score: Score };
}

/** One answer to a task, with the true judgment of it. */
export interface GradedAnswer extends Grade {
  response: string;
}

/** One instruction under one criterion, able to produce answers of any wanted quality. */
export interface Task {
  instruction: string;
  /** An answer whose score is as near to `target` as the task allows (often exactly it). */
  answer(random: RandomStream, target: Score): GradedAnswer;
}

/** How large a task is: pair and meta prompts hold several answers, so theirs are small. */
export type TaskSize = 'small' | 'normal';

/** A kind of micro task: one way of asking and one criterion with its formula. */
export interface Family {
  name: string;
  criterion: string;
  /** The criterion's formula in words, for the page. */
  rule: string;
  /** Share of all items, relative to the other families. */
  weight: number;
  ask(random: RandomStream, size: TaskSize): Task;
  /** The true judgment of any text as an answer; null when this family does not ask such an instruction. */
  grade(instruction: string, response: string): Grade | null;
}

/** 1 + round(4·k/n), with 5 for all and 1 for none only; nothing at all is none. */
export function scoreOfShare(right: number, total: number): Score {
  if (right === 0) return 1;
  if (right === total) return 5;
  return Math.min(4, Math.max(2, 1 + Math.round((4 * right) / total))) as Score;
}

/** 5 for no fault, one less for each, never below 1. */
export function scoreOfFaults(faults: number): Score {
  return Math.max(1, 5 - faults) as Score;
}

/** How many of `total` must be right for a score as near as possible to `target`; random among equals. */
export function rightForScore(random: RandomStream, total: number, target: Score): number {
  const distance = (right: number) => Math.abs(scoreOfShare(right, total) - target);
  const counts = Array.from({ length: total + 1 }, (_, right) => right);
  const nearest = Math.min(...counts.map(distance));
  return random.pick(counts.filter((right) => distance(right) === nearest));
}

/** The number of faults that gives `target`; a 1 is sometimes worse than it has to be. */
export function faultsForScore(random: RandomStream, target: Score): number {
  return target === 1 && random.chance(0.3) ? 5 : 5 - target;
}

/** The whole rationale as a judge writes it. */
export function rationaleOf(answer: Pick<Grade, 'steps' | 'summary'>): string {
  return `${answer.steps} ${answer.summary}`;
}

/** True scores are drawn from here: all five well represented, 5 the commonest, as in real rating data. */
const SCORE_WEIGHTS: readonly number[] = [0.17, 0.16, 0.16, 0.17, 0.34];

/** A true score for a new item. */
export function drawScore(random: RandomStream): Score {
  return random.weighted<Score>([1, 2, 3, 4, 5], (score) => SCORE_WEIGHTS[score - 1] ?? 0);
}
