import { importError } from './errors.ts';
import { partsOf, skipSpace, type JsonPart } from './json-parts.ts';
import { takeObject } from './json-value.ts';
import { checkRowCount } from './limits.ts';
import type { ReadRows, Reading } from './row.ts';

/**
 * A JSON array of objects, an object whose only array holds them ({"data": [...]}), or objects one after another, each
 * of which may go over several lines. They are cut apart before they are parsed, so that a broken one is left out by
 * itself.
 * @throws ImportError when the file is none of these
 */
export function* readJson(text: string): Reading {
  const start = skipSpace(text, 0);
  if (text[start] === '[') return yield* readParts(text, partsOf(text, start + 1, 'commas'));
  if (text[start] !== '{') throw notRows();
  const array = holdsAlone(text, start) ? onlyArray(text, start) : null;
  const parts = array === null ? partsOf(text, start, 'nothing') : partsOf(text, array + 1, 'commas');
  return yield* readParts(text, parts);
}

function* readParts(text: string, parts: Iterable<JsonPart>): Reading {
  const read: ReadRows = { rows: [], leftOut: [] };
  for (const { begin, end, line, isCutOff } of parts) {
    const source = text.slice(begin, end).trim();
    if (isCutOff) read.leftOut.push({ line, message: CUT_OFF, source });
    else takeObject(source, line, read);
    checkRowCount(read.rows.length);
    yield end;
  }
  return read;
}

const CUT_OFF = 'a bracket or a quote that opens here is not closed. Was the file loaded to the end?';

/** Is there nothing behind the first object? */
function holdsAlone(text: string, start: number): boolean {
  const [first] = partsOf(text, start, 'nothing');
  return first === undefined || first.isCutOff || skipSpace(text, first.end) === text.length;
}

/** Where the one array begins that is a member of this object; null when the object holds none. */
function onlyArray(text: string, start: number): number | null {
  const arrays: number[] = [];
  for (const { begin } of partsOf(text, start + 1, 'commas')) {
    const key = /"(?:[^"\\]|\\.)*"\s*:\s*(?=\[)/y;
    key.lastIndex = begin;
    if (key.exec(text)) arrays.push(key.lastIndex);
  }
  if (arrays.length > 1) throw notRows();
  return arrays[0] ?? null;
}

function notRows() {
  return importError('The file is neither a JSON array of objects nor an object with one array in it.');
}
