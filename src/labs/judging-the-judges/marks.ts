import type { VerdictRow } from '../../judge/verdict-table.ts';

/** Names of what stands behind a judge's marks, a taker's true score, and a taker's score by a judge. */
export const judgeMark = (judge: string) => `judge ${judge}`;
export const takerMark = (taker: string) => `taker ${taker}`;
export const scoreMark = (taker: string, judge: string) => `taker ${taker}, judge ${judge}`;

/** The marks that a row stands behind. */
export function marksOf({ judge, taker }: VerdictRow): string[] {
  const name = judge ?? 'judge';
  return taker === null ? [judgeMark(name)] : [judgeMark(name), takerMark(taker), scoreMark(taker, name)];
}
