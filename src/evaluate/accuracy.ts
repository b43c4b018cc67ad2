import { forEachScored, total, totalScored, type Confusion } from './confusion.ts';

/** Share of items whose score equals the label; a judgment that cannot be read counts as wrong. */
export function accuracy(confusion: Confusion): number | null {
  let right = 0;
  forEachScored(confusion, (label, score, count) => (right += label === score ? count : 0));
  return share(right, total(confusion));
}

/** Mean of |score − label| over the judgments that could be read; null where there is none. */
export function meanAbsoluteError(confusion: Confusion): number | null {
  let sum = 0;
  forEachScored(confusion, (label, score, count) => (sum += Math.abs(label - score) * count));
  return share(sum, totalScored(confusion));
}

/** Share of judgments that could not be read. */
export function parseFailureRate(confusion: Confusion): number | null {
  const items = total(confusion);
  return share(items - totalScored(confusion), items);
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
