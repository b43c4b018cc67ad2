import { atOnce, type Steps } from '../../judge/steps.ts';
import type { LeftOutRow } from './errors.ts';
import { reshape } from './known-shapes.ts';
import { columnsOf, guessMapping, type FieldMapping } from './mapping.ts';
import type { Row } from './row.ts';
import { readRows, type FileFormat } from './rows.ts';
import { itemsInSteps, type ConvertedRows } from './to-items.ts';

/** A file that has been read but not yet turned into items. */
export interface OpenedFile {
  name: string;
  rows: Row[];
  /** Rows that cannot be read at all. */
  leftOut: LeftOutRow[];
  columns: string[];
  /** What the columns' names suggest; the user may change it. */
  mapping: FieldMapping;
}

/**
 * Reads a file's text into rows and guesses which column is what. Nothing is stored. Steps report characters that
 * were read.
 * @throws ImportError when nothing of it can be read
 */
export function* fileInSteps(text: string, name: string, format?: FileFormat): Steps<OpenedFile, number> {
  const { rows: read, leftOut } = yield* readRows(text, name, format);
  const rows = reshape(read);
  const columns = columnsOf(rows);
  return { name, rows, leftOut, columns, mapping: guessMapping(columns) };
}

/** `fileInSteps` at once. @throws ImportError */
export function openFile(text: string, name: string, format?: FileFormat): OpenedFile {
  return atOnce(fileInSteps(text, name, format));
}

/**
 * The items of an opened file under a mapping, and every row that gives none. Steps report rows that were converted.
 * @throws ImportError when there is no item at all
 */
export function convertInSteps(
  file: OpenedFile,
  mapping: FieldMapping = file.mapping,
): Steps<ConvertedRows, number> {
  return itemsInSteps(file.rows, mapping, file.leftOut);
}

/** `convertInSteps` at once. @throws ImportError */
export function importItems(file: OpenedFile, mapping: FieldMapping = file.mapping): ConvertedRows {
  return atOnce(convertInSteps(file, mapping));
}
