import Papa from 'papaparse';
import { guardedText } from '../spreadsheet-text.ts';
import type { Cell, Table } from './table.ts';

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
