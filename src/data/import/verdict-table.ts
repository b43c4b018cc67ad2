import {
  NAME_COLUMNS,
  VALUE_COLUMNS,
  type NameColumn,
  type ValueColumn,
  type VerdictRow,
  type VerdictValue,
} from '../../judge/verdict-table.ts';
import { ImportError, importError, shortened, type ImportProblem } from './errors.ts';
import { columnsOf } from './mapping.ts';
import { readRows } from './rows.ts';
import type { Row } from './row.ts';

export interface VerdictTable {
  rows: VerdictRow[];
  /** Columns of the file that the table does not have; they were passed over. */
  ignored: string[];
}

const COLUMNS: readonly string[] = [...NAME_COLUMNS, ...VALUE_COLUMNS];
const REQUIRED = ['item', 'verdict'];

/**
 * A verdict table from CSV or JSON Lines: the columns item, group, judge, taker, order, variant, verdict and label in
 * any order, of which item and verdict must be there. An empty verdict could not be read, an empty label is not
 * labelled; both are numbers, or first, second or tie.
 * @throws ImportError that lists what is wrong, line by line; then no row is taken
 */
export function readVerdictTable(text: string, fileName: string): VerdictTable {
  const records = readRows(text, fileName);
  const columns = columnsOf(records);
  checkColumns(columns);
  const problems: ImportProblem[] = [];
  const rows = records.map((record) => toVerdictRow(record, problems));
  if (problems.length > 0) throw new ImportError(shortened(problems));
  return { rows, ignored: columns.filter((column) => !COLUMNS.includes(column)) };
}

function checkColumns(columns: readonly string[]): void {
  const missing = REQUIRED.filter((column) => !columns.includes(column));
  if (missing.length === 0) return;
  throw importError(
    `The file has no column "${missing.join('" and no column "')}": a verdict table has the columns ` +
      `${COLUMNS.join(', ')}, of which item and verdict must be there. This file has: ${columns.join(', ')}.`,
  );
}

function toVerdictRow({ line, values }: Row, problems: ImportProblem[]): VerdictRow {
  const refuse = (message: string): null => {
    problems.push({ line, message });
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
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'number') return String(cell);
  return refuse(`the ${column} is ${JSON.stringify(cell)}, which is neither a text nor a number.`);
}

function readValue(cell: unknown, column: ValueColumn, refuse: Refuse): VerdictValue | null {
  if (cell === undefined || cell === null) return null;
  const word = typeof cell === 'string' ? cell.trim().toLowerCase() : cell;
  if (word === '') return null;
  if (word === 'first' || word === 'second' || word === 'tie') return word;
  const number = typeof word === 'string' ? Number(word) : word;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  return refuse(
    `the ${column} ${JSON.stringify(cell)} is neither a number nor first, second or tie (empty: none).`,
  );
}
