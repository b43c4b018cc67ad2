import type { Score } from '../judge/item.ts';
import type { Outcome } from './outcome.ts';

/** An item that one judge scores right and the other wrong. */
export interface Flip {
  itemId: string;
  label: Score;
  before: Score | null;
  after: Score | null;
  kind: 'mended' | 'broken';
}

/** Items mended and broken between two judges, in the order of the items. */
export function flips(before: readonly Outcome[], after: readonly Outcome[]): Flip[] {
  return before.flatMap((first, i) => {
    const second = after[i]!;
    const wasRight = first.score === first.label;
    const isRight = second.score === second.label;
    if (wasRight === isRight) return [];
    const kind = isRight ? ('mended' as const) : ('broken' as const);
    return [{ itemId: first.itemId, label: first.label, before: first.score, after: second.score, kind }];
  });
}
