import type { Exhibit } from '../../harness/report.ts';
import { rowExhibits, type SeenRow } from '../../harness/row-exhibits.ts';

/** Names of what stands behind a judge's marks, a taker's true score, and a taker's score by a judge. */
export const judgeMark = (judge: string) => `judge ${judge}`;
export const takerMark = (taker: string) => `taker ${taker}`;
export const scoreMark = (taker: string, judge: string) => `taker ${taker}, judge ${judge}`;

/** The rows behind every mark of a report. */
export function exhibitsBehind(seen: readonly SeenRow[]): Record<string, Exhibit[]> {
  const behind = new Map<string, SeenRow[]>();
  for (const one of seen)
    for (const mark of marksOf(one)) {
      const known = behind.get(mark);
      if (known) known.push(one);
      else behind.set(mark, [one]);
    }
  return Object.fromEntries([...behind].map(([mark, own]) => [mark, rowExhibits(own)]));
}

function marksOf({ row: { judge, taker } }: SeenRow): string[] {
  const name = judge ?? 'judge';
  return taker === null ? [judgeMark(name)] : [judgeMark(name), takerMark(taker), scoreMark(taker, name)];
}
