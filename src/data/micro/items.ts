import { itemId } from '../../judge/item-id.ts';
import type { Item, Split } from '../../judge/item.ts';
import { atOnce, type Steps } from '../../judge/steps.ts';
import { microSplitKey, splitOf } from '../split.ts';
import {
  drawScore,
  rationaleOf,
  type Family,
  type GradedAnswer,
  type Task,
  type TaskSize,
} from './family.ts';
import { FAMILIES } from './families/table.ts';
import { RandomStream } from './random.ts';

/** Numbers the generator: the same version, split and seed give the same items for ever. */
export const MICRO_VERSION = 1;

/** One task with one graded answer, as drawn. */
export interface MicroDraft {
  family: Family;
  instruction: string;
  answer: GradedAnswer;
}

/**
 * `count` different micro-judging items of one part, in a fixed order: a longer draw begins with a shorter one.
 * `seed` is any integer. Items of different parts never share an instruction and response.
 */
export function microItems(split: Split, seed: number, count: number): Item[] {
  return atOnce(microItemsInSteps(split, seed, count));
}

/** The same, an item a step. */
export function* microItemsInSteps(split: Split, seed: number, count: number): Steps<Item[]> {
  const items = new Map<string, Item>();
  for (let index = 0; items.size < count; index++) {
    const item = toItem(drawMicro(new RandomStream(MICRO_VERSION, split, seed, index), split));
    if (!items.has(item.id)) items.set(item.id, item);
    yield;
  }
  return [...items.values()];
}

/** One draft whose instruction and response belong to `split`; drawn again until they do. */
export function drawMicro(random: RandomStream, split: Split, size: TaskSize = 'normal'): MicroDraft {
  for (;;) {
    const family = random.weighted(FAMILIES, ({ weight }) => weight);
    const task = family.ask(random, size);
    const answer = task.answer(random, drawScore(random));
    if (belongs(split, task, answer)) return { family, instruction: task.instruction, answer };
  }
}

/** Is this answer to this task in that part? */
export function belongs(
  split: Split,
  task: Pick<Task, 'instruction'>,
  answer: Pick<GradedAnswer, 'response'>,
): boolean {
  return splitOf(microSplitKey({ instruction: task.instruction, response: answer.response })) === split;
}

/** The item with its true label and rationale. */
export function toItem({ family, instruction, answer }: MicroDraft): Item {
  const content = { instruction, response: answer.response, criterion: family.criterion };
  return {
    id: itemId(content),
    ...content,
    score: answer.score,
    rationale: rationaleOf(answer),
    family: family.name,
    slip: answer.slip !== undefined,
  };
}
