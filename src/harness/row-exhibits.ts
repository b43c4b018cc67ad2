import type { VerdictRow } from '../judge/verdict-table.ts';
import { groupBy } from './group-by.ts';
import type { Exhibit } from './report.ts';

/** A row of the verdict table, and the texts behind it where they are at hand. */
export interface SeenRow {
  row: VerdictRow;
  texts: Exhibit['texts'];
}

/** Longer lists help nobody, and every exhibit travels with the run. */
const MOST = 50;

/** The rows behind a mark: those whose verdict is not the label first; where there are more than fifty, it says so. */
function rowExhibits(seen: readonly SeenRow[]): Exhibit[] {
  const misses = seen.filter(({ row }) => row.verdict !== row.label);
  const hits = seen.filter(({ row }) => row.verdict === row.label);
  const shown = [...misses, ...hits].slice(0, MOST).map(exhibitOf);
  if (seen.length <= MOST) return shown;
  const rest = `${MOST} of ${seen.length} are shown, those first where verdict and label differ (${misses.length})`;
  return [...shown, { title: 'And more', facts: [['Shown', rest]], texts: [] }];
}

function exhibitOf({ row, texts }: SeenRow): Exhibit {
  const { item, group, judge, taker, verdict, label } = row;
  const named = [['Group', group], ['Judge', judge], ['Taker', taker]] as const; // prettier-ignore
  const facts = named.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
  return {
    title: texts[0]?.[1] ?? item,
    facts: [
      ...facts,
      ['Verdict', verdict === null ? 'not readable' : String(verdict)],
      ['Label', label === null ? 'not labelled' : String(label)],
    ],
    texts,
  };
}

/** What stands behind each mark; a row may stand behind several. */
export function exhibitsByMark(
  seen: readonly SeenRow[],
  marksOf: (row: VerdictRow) => readonly string[],
): Record<string, Exhibit[]> {
  const marked = seen.flatMap((one) => marksOf(one.row).map((mark) => ({ mark, one })));
  const behind = groupBy(marked, ({ mark }) => mark);
  return Object.fromEntries([...behind].map(([mark, own]) => [mark, rowExhibits(own.map(({ one }) => one))]));
}
