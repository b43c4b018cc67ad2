import {
  NAME_COLUMNS,
  VALUE_COLUMNS,
  type NameColumn,
  type ValueColumn,
  type VerdictRow,
  type VerdictValue,
} from '../../judge/verdict-table.ts';
import { atOnce } from '../../judge/steps.ts';
import { ImportError, importError, shortened, shown, type LeftOutRow } from './errors.ts';
import { textTooLong } from './limits.ts';
import { columnsOf } from './mapping.ts';
import { readRows } from './rows.ts';
import type { Row } from './row.ts';

export interface VerdictTable {
  rows: VerdictRow[];
  /** Rows that are no verdicts, with the reason. */
  leftOut: LeftOutRow[];
  /** Columns of the file that the table does not have; they were passed over. */
  ignored: string[];
}

const COLUMNS: readonly string[] = [...NAME_COLUMNS, ...VALUE_COLUMNS];
const REQUIRED = ['item', 'verdict'];

/**
 * A verdict table from CSV or JSON Lines: the columns item, group, judge, taker, order, variant, verdict and label in
 * any order, of which item and verdict must be there. An empty verdict could not be read, an empty label is not
 * labelled; both are numbers, or first, second or tie. A row that holds something else is left out.
 * @throws ImportError when a column is missing, or no row is a verdict
 */
export function readVerdictTable(text: string, fileName: string): VerdictTable {
  const read = atOnce(readRows(text, fileName));
  const columns = columnsOf(read.rows);
  checkColumns(columns);
  const leftOut = [...read.leftOut];
  const rows = read.rows.flatMap((record) => {
    const problems: string[] = [];
    const row = toVerdictRow(record, problems);
    if (problems.length === 0) return [row];
    leftOut.push({ line: record.line, message: problems.join(' '), source: record.source });
    return [];
  });
  leftOut.sort((a, b) => a.line - b.line);
  if (rows.length === 0) throw new ImportError(shortened(leftOut));
  return { rows, leftOut, ignored: columns.filter((column) => !COLUMNS.includes(column)) };
}

function checkColumns(columns: readonly string[]): void {
  const missing = REQUIRED.filter((column) => !columns.includes(column));
  if (missing.length === 0) return;
  throw importError(
    `The file has no column "${missing.join('" and no column "')}": a verdict table has the columns ` +
      `${COLUMNS.join(', ')}, of which item and verdict must be there. This file has: ${columns.join(', ')}.`,
  );
}

function toVerdictRow({ values }: Row, problems: string[]): VerdictRow {
  const refuse = (message: string): null => {
    problems.push(message);
    return null;
  };
  const name = (column: NameColumn) => readName(values[column], column, refuse);
  const value = (column: ValueColumn) => readValue(values[column], column, refuse);
  const problemsBefore = problems.length;
  const item = name('item');
  if (item === null && problems.length === problemsBefore) refuse('the item is not named.');
  return {
    item: item ?? '',
    group: name('group'),
    judge: name('judge'),
    taker: name('taker'),
    order: name('order'),
    variant: name('variant'),
    verdict: value('verdict'),
    label: value('label'),
  };
}

type Refuse = (message: string) => null;

/** A number is a name, too: many files number their items. */
function readName(cell: unknown, column: NameColumn, refuse: Refuse): string | null {
  if (cell === undefined || cell === null || cell === '') return null;
  if (typeof cell === 'string') {
    const tooLong = textTooLong(column, cell.length);
    return tooLong === null ? cell : refuse(tooLong);
  }
  if (typeof cell === 'number') return String(cell);
  return refuse(`the ${column} is ${shown(cell)}, which is neither a text nor a number.`);
}

function readValue(cell: unknown, column: ValueColumn, refuse: Refuse): VerdictValue | null {
  if (cell === undefined || cell === null) return null;
  const word = typeof cell === 'string' ? cell.trim().toLowerCase() : cell;
  if (word === '') return null;
  if (word === 'first' || word === 'second' || word === 'tie') return word;
  const number = typeof word === 'string' ? Number(word) : word;
  // −0 is written as 0.
  if (typeof number === 'number' && Number.isFinite(number)) return number + 0;
  return refuse(`the ${column} ${shown(cell)} is neither a number nor first, second or tie (empty: none).`);
}
