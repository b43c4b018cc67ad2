import { importError } from './errors.ts';

/** Caps that keep the page alive, in the units in which a person meets them. */

/** A hundred thousand items are far more than one tab can judge. */
export const MOST_ROWS = 100_000;
/** Of a file's text; a browser keeps some ten times as much in memory while it is read. */
export const MOST_BYTES = 50_000_000;
/** Of one row as it stands in the file. */
export const LONGEST_ROW = 1_000_000;
/** Of one text of an item: beyond it the page would only stall. */
export const LONGEST_TEXT = 200_000;

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
const counted = new Intl.NumberFormat('en');

/**
 * Before a file is read: its size is known without a byte of it.
 * @throws ImportError
 */
export function checkFileSize(bytes: number): void {
  if (bytes > MOST_BYTES)
    throw importError(
      `The file has ${megabytes(bytes)}; at most ${megabytes(MOST_BYTES)} can be opened here. Split it into ` +
        'several files, or leave out columns that are not needed.',
    );
}

/** @throws ImportError */
export function checkRowCount(rows: number): void {
  if (rows > MOST_ROWS)
    throw importError(
      `The file has more than ${counted.format(MOST_ROWS)} rows, which is the most that can be opened here. Split it ` +
        'into several files.',
    );
}

/** Why a row is not even read; null for one of a usual length. */
export function rowTooLong(characters: number): string | null {
  if (characters <= LONGEST_ROW) return null;
  return `the row has ${counted.format(characters)} characters; a row may have ${counted.format(LONGEST_ROW)}.`;
}

/** Why a text is not taken; null for one of a usual length. */
export function textTooLong(what: string, characters: number): string | null {
  if (characters <= LONGEST_TEXT) return null;
  return `the ${what} has ${counted.format(characters)} characters; a text may have ${counted.format(LONGEST_TEXT)}.`;
}
