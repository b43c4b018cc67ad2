import { microItems } from '../../../data/micro/items.ts';
import type { Item } from '../../../judge/item.ts';

/** Short enough to be read at a glance while the story goes on. */
const LONGEST = 70;
const CANDIDATES = 8;
/** Of the training stream, never of the held-out one: the story's judge may learn from its own example. */
const SEED = 11;

/**
 * Items for the story, best first: kinds that the judge's annotators slipped on, with partial credit, so that it
 * is usually wrong when it takes the likeliest words, and sometimes right when chance plays in.
 */
export function storyItems(): Item[] {
  return microItems('train', SEED, 600)
    .filter((item) => item.slip === true && (item.score ?? 5) > 1 && item.response.length <= LONGEST)
    .slice(0, CANDIDATES);
}
