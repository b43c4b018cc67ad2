import type { LeftOutRow } from '../import/errors.ts';
import { tableToCsv } from './write-table.ts';

/** Rows that an import left out, as CSV: the line, the reason, and the row as it stands in its file, to be mended there. */
export function leftOutTable(rows: readonly LeftOutRow[]): string {
  const cells = rows.map(({ line, message, source }) => [line, message, source]);
  return tableToCsv({ columns: ['line', 'reason', 'row'], rows: cells });
}
