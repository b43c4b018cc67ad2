import Papa from 'papaparse';
import type { LeftOutRow } from '../import/errors.ts';

/**
 * Rows that an import left out, as CSV: the line, the reason, and the row as it stands in its file, to be mended there.
 * What a spreadsheet would run as a formula gets an apostrophe before it (see `itemsToCsv`).
 */
export function leftOutTable(rows: readonly LeftOutRow[]): string {
  const data = rows.map(({ line, message, source }) => [line, message, source]);
  return Papa.unparse({ fields: ['line', 'reason', 'row'], data }, { escapeFormulae: true });
}
