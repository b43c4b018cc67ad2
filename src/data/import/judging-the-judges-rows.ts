import type { VerdictRow } from '../../judge/verdict-table.ts';
import type { JudgingTheJudges } from './judging-the-judges.ts';

/**
 * The first file's counts as the rows of a verdict table, in its order of takers, models before lexical judges. Which verdict belongs to
 * which question is not in the counts: items are numbered within judge and taker, and every measure that does not look
 * across judges comes out as from the true rows. Rows that were not readable keep their label.
 */
export function releasedRows({ firstFile: { takers, judges } }: JudgingTheJudges): VerdictRow[] {
  const models = Object.entries(judges).filter(([, { kind }]) => kind === 'model');
  const lexical = Object.entries(judges).filter(([, { kind }]) => kind === 'lexical');
  return [...models, ...lexical].flatMap(([judge, own]) =>
    Object.entries(own.takers).flatMap(([taker, { tp, fp, fn, tn, unread }]) => {
      const unreadRight = takers[taker]!.right - tp - fn;
      const values = [
        ...repeated(tp, 1, 1),
        ...repeated(fp, 1, 0),
        ...repeated(fn, 0, 1),
        ...repeated(tn, 0, 0),
        ...repeated(unreadRight, null, 1),
        ...repeated(unread - unreadRight, null, 0),
      ];
      const item = (i: number) => `${judge}, ${taker}: ${i + 1}`;
      return values.map((value, i) => ({ ...NAMELESS, item: item(i), judge, taker, ...value }));
    }),
  );
}

const NAMELESS = { group: null, order: null, variant: null };

function repeated(count: number, verdict: number | null, label: number) {
  return Array.from({ length: count }, () => ({ verdict, label }));
}
