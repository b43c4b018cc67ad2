import type { RunSettings } from './settings.ts';

/** One preference: for this item, the judge should rather write `chosen` than `rejected` (judgment ids). */
export interface Pair {
  /** Hash of item and both texts: what a person decided about a pair finds it again after rebuilding. */
  key: string;
  itemId: string;
  chosen: string;
  rejected: string;
  strategy: RunSettings['strategy'];
}

/** What curation made of one item. */
export interface ItemPairs {
  itemId: string;
  pairs: Pair[];
  /** Why these pairs, or why none. */
  reason: string;
}

/** What a person said about a pair. Undecided pairs are trained on as they are. */
export type Decision = 'accept' | 'drop' | 'flip';
