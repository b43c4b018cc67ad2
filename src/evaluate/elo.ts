import type { Battle } from '../judge/model-vote.ts';

export interface EloOptions {
  /** K: points at stake in one battle. */
  step?: number;
  /** Rating before the first battle. */
  start?: number;
}

/** A lead of 400 points means odds of ten to one. */
const SCALE = 400;

/**
 * Elo ratings after the battles in their order, as Chatbot Arena began with (arXiv 2306.05685): K = 4, start 1000, a
 * tie half a win. Each battle takes from one what it gives to the other, so the sum stays; but late battles count more
 * than early ones, so that another order gives other ratings, which Bradley–Terry does not.
 * @returns ratings by name, in order of first appearance
 */
export function eloRatings(
  battles: readonly Battle[],
  { step = 4, start = 1000 }: EloOptions = {},
): Map<string, number> {
  const ratings = new Map<string, number>();
  for (const { a, b, winner } of battles) {
    const ratingA = ratings.get(a) ?? start;
    const ratingB = ratings.get(b) ?? start;
    const score = winner === 'tie' ? 0.5 : winner === 'a' ? 1 : 0;
    const gain = step * (score - expectedResult(ratingA, ratingB));
    ratings.set(a, ratingA + gain).set(b, ratingB - gain);
  }
  return ratings;
}

/** Result that ratings promise the first of two, 0 to 1: 1 / (1 + 10^((second − first) / 400)). */
export function expectedResult(first: number, second: number): number {
  return 1 / (1 + 10 ** ((second - first) / SCALE));
}
