import type { Table } from '../../data/export/table.ts';
import { tableToCsv, tableToJsonLines } from '../../data/export/write-table.ts';

export type TableFormat = 'csv' | 'jsonl';

/** A table as a file. Spreadsheets take a CSV for UTF-8 only where it begins with a byte order mark; our reader skips it. */
export function tableFile(table: Table, format: TableFormat): Blob {
  if (format === 'jsonl') return new Blob([tableToJsonLines(table)], { type: 'application/jsonl' });
  return new Blob(['\uFEFF', tableToCsv(table)], { type: 'text/csv' });
}
