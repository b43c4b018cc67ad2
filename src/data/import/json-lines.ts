import { takeObject } from './json-value.ts';
import { checkRowCount } from './limits.ts';
import type { ReadRows, Reading } from './row.ts';

/** JSON Lines: one object on each line; empty lines are passed over, a line that is none is left out. */
export function* readJsonLines(text: string): Reading {
  const read: ReadRows = { rows: [], leftOut: [] };
  const lineEnd = /\r\n|\n|\r/g;
  let line = 1;
  for (let at = 0; at < text.length; line++) {
    lineEnd.lastIndex = at;
    const end = lineEnd.exec(text)?.index ?? text.length;
    const content = text.slice(at, end);
    if (content.trim() !== '') takeObject(content, line, read);
    at = Math.max(end + 1, lineEnd.lastIndex);
    checkRowCount(read.rows.length);
    yield at;
  }
  return read;
}
