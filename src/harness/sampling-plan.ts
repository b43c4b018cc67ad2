import { SCORES, type Item } from '../judge/item.ts';
import { hash32, random, shuffled, type Random } from '../judge/random.ts';

/** One item of each label in turn, as long as each label lasts. */
export function balancedOrder(items: readonly Item[], next: Random): Item[] {
  const queues = SCORES.map((score) => shuffled(items.filter((item) => item.score === score), next)); // prettier-ignore
  const longest = Math.max(...queues.map((queue) => queue.length));
  return Array.from({ length: longest }, (_, i) => queues.flatMap((queue) => queue.slice(i, i + 1))).flat();
}

/**
 * The held-out (or validation) items that results are measured on: the same draw for every seed, so that runs
 * can be compared item by item, and a smaller draw is the beginning of a larger one.
 */
export function evaluationItems(items: readonly Item[], most: number): Item[] {
  const labelled = items.filter((item) => item.score !== undefined);
  return shuffled(labelled, random('evaluation')).slice(0, most);
}

/** An item's name in the sampling noise: stable across runs, sessions and batches. */
export function noiseKey(itemId: string): number {
  return hash32(itemId);
}
