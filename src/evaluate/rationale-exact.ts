import type { Outcome } from './outcome.ts';

/** Share of exact rationales among the items whose true rationale is known; null where there is none. */
export function rationaleExactShare(outcomes: readonly Outcome[]): number | null {
  const known = outcomes.filter((outcome) => outcome.rationaleExact !== null);
  return known.length === 0 ? null : known.filter((outcome) => outcome.rationaleExact).length / known.length;
}

/** The same over the kinds of items that the seed annotators slipped on. */
export function rationaleExactShareOfSlips(outcomes: readonly Outcome[]): number | null {
  return rationaleExactShare(outcomes.filter((outcome) => outcome.slip));
}
