import Papa from 'papaparse';
import { guardedText } from '../spreadsheet-text.ts';

/** null, and numbers that are none (NaN, ±∞), are empty cells. */
export type Cell = string | number | boolean | null;

/** Rows under named columns, as a file of their own; each name stands once. */
export interface Table {
  columns: readonly string[];
  /** Cells in the order of the columns. */
  rows: readonly (readonly Cell[])[];
}

/** Comma-separated values as in RFC 4180. Numbers stay numbers; texts are guarded against spreadsheets. */
export function tableToCsv({ columns, rows }: Table): string {
  return Papa.unparse({ fields: columns.map(guardedText), data: rows.map((cells) => cells.map(csvCell)) });
}

/** JSON Lines, an object a row: numbers in whole precision, empty cells as null. */
export function tableToJsonLines({ columns, rows }: Table): string {
  const record = (cells: readonly Cell[]) =>
    Object.fromEntries(columns.map((name, i) => [name, cells[i] ?? null]));
  return rows.map((cells) => `${JSON.stringify(record(cells))}\n`).join('');
}

function csvCell(cell: Cell): string | number | boolean {
  if (typeof cell === 'string') return guardedText(cell);
  return cell === null || (typeof cell === 'number' && !Number.isFinite(cell)) ? '' : cell;
}

/** Names that stand once: "accuracy", "accuracy (2)". */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let distinct = name;
    for (let count = 2; taken.has(distinct); count++) distinct = `${name} (${count})`;
    taken.add(distinct);
    return distinct;
  });
}
