import type { Item, Split } from '../../judge/item.ts';
import type { Steps } from '../../judge/steps.ts';
import { microItemsInSteps } from './items.ts';

/** Of the generator, for the items of the built-in project. */
export const BUILT_IN_SEED = 1;
/** Enough fresh training items for the largest preset, and held-out items for its results. */
export const BUILT_IN_COUNTS: Readonly<Record<Split, number>> = {
  train: 4000,
  validation: 500,
  heldout: 3000,
};

/**
 * The items of the built-in project: the same on every machine, for this version of the generator. In steps, for they take
 * a third of a second.
 */
export function* builtInItems(): Steps<Record<Split, Item[]>> {
  return {
    train: yield* partOf('train'),
    validation: yield* partOf('validation'),
    heldout: yield* partOf('heldout'),
  };
}

function partOf(split: Split): Steps<Item[]> {
  return microItemsInSteps(split, BUILT_IN_SEED, BUILT_IN_COUNTS[split]);
}
