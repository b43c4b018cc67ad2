import type { JudgedItem } from './judged-item.ts';

/** Items with a score near the top. */
export interface NearTop {
  items: number;
  /** Share of positive ones; null without items. */
  positivity: number | null;
}

/**
 * The mean score from which an item counts as near the top: 4.75 on the scale from 1 to 5, and the same place on a scale
 * from 0 to 1.
 */
export function nearTopScore(items: readonly JudgedItem[]): number {
  const highest = Math.max(...items.flatMap(({ samples }) => samples));
  return highest <= 1 ? 0.9375 : 4.75;
}

/** The items near the top whose samples all agree, and those whose samples do not. */
export function nearTopItems(items: readonly JudgedItem[]) {
  const from = nearTopScore(items);
  const near = items.filter(({ score }) => score >= from);
  return {
    from,
    agreeing: near.filter(({ uncertainty }) => uncertainty === 0),
    spread: near.filter(({ uncertainty }) => uncertainty > 0),
  };
}

export function positivityOf(items: readonly { positive: boolean }[]): number | null {
  return items.length === 0 ? null : items.filter(({ positive }) => positive).length / items.length;
}
