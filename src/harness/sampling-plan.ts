import { SCORES, type Item } from '../judge/item.ts';
import { hash32, random, shuffled, type Random } from '../judge/random.ts';
import type { RunSettings } from '../rationalize/settings.ts';

type PlanSettings = Pick<RunSettings, 'seed' | 'rounds' | 'itemsPerRound' | 'itemDraw'>;

/**
 * Which labelled training items each round samples: fresh ones as long as the supply lasts, then the order
 * begins again. A round never holds an item twice. The plan depends on the seed and the items alone, so that
 * a resumed run makes the same one.
 */
export function planItems(training: readonly Item[], settings: PlanSettings): Item[][] {
  const order = drawOrder(training, settings);
  const size = Math.min(settings.itemsPerRound, order.length);
  return Array.from({ length: settings.rounds }, (_, round) =>
    Array.from({ length: size }, (_, i) => order[(round * size + i) % order.length]!),
  );
}

function drawOrder(training: readonly Item[], { seed, itemDraw }: PlanSettings): Item[] {
  const labelled = training.filter((item) => item.score !== undefined);
  const next = random(seed, 'items');
  return itemDraw === 'uniform' ? shuffled(labelled, next) : balancedOrder(labelled, next);
}

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
