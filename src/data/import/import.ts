import { reshape } from './known-shapes.ts';
import { columnsOf, guessMapping, type FieldMapping } from './mapping.ts';
import { readRows, type FileFormat } from './rows.ts';
import type { Row } from './row.ts';
import { toItems, type ConvertedRows } from './to-items.ts';

/** A file that has been read but not yet turned into items. */
export interface OpenedFile {
  name: string;
  rows: Row[];
  columns: string[];
  /** What the columns' names suggest; the user may change it. */
  mapping: FieldMapping;
}

/**
 * Reads a file's text into rows and guesses which column is what. Nothing is stored.
 * @throws ImportError with the line that is wrong
 */
export function openFile(text: string, name: string, format?: FileFormat): OpenedFile {
  const rows = reshape(readRows(text, name, format));
  const columns = columnsOf(rows);
  return { name, rows, columns, mapping: guessMapping(columns) };
}

/**
 * The items of an opened file under a mapping: all of them, or an error and none.
 * @throws ImportError that lists what is wrong, line by line
 */
export function importItems(file: OpenedFile, mapping: FieldMapping = file.mapping): ConvertedRows {
  return toItems(file.rows, mapping);
}
