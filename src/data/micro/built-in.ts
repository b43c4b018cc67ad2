import type { Item, Split } from '../../judge/item.ts';
import { microItems } from './items.ts';

const SEED = 1;
/** Enough fresh training items for the largest preset, and held-out items for its results. */
export const BUILT_IN_COUNTS: Readonly<Record<Split, number>> = {
  train: 4000,
  validation: 500,
  heldout: 3000,
};

/** The items of one part of the built-in project: the same on every machine, for this version of the generator. */
export function builtInItems(split: Split): Item[] {
  return microItems(split, SEED, BUILT_IN_COUNTS[split]);
}
