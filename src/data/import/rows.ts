import { readCsv } from './csv.ts';
import { importError, ImportError, shortened } from './errors.ts';
import { readJson } from './json.ts';
import { readJsonLines } from './json-lines.ts';
import { checkFileSize, LONGEST_ROW } from './limits.ts';
import { isRecord, type Reading } from './row.ts';

export type FileFormat = 'jsonl' | 'json' | 'csv';

const READERS: Readonly<Record<FileFormat, (text: string) => Reading>> = {
  jsonl: readJsonLines,
  json: readJson,
  csv: readCsv,
};

/**
 * The records of a file's text, and those that cannot be read. Without a format it is taken from the name's ending, else
 * from the first characters of the text.
 * @throws ImportError when no record can be read, or the file is too large
 */
export function* readRows(text: string, name: string, format: FileFormat = formatOf(name, text)): Reading {
  checkFileSize(text.length);
  const read = yield* READERS[format](text.replace(/^\uFEFF/, ''));
  if (read.rows.length > 0) return read;
  if (read.leftOut.length > 0) throw new ImportError(shortened(read.leftOut));
  throw importError('The file holds no records.');
}

/** The format that a name's ending promises, else the one that the text looks like. */
export function formatOf(name: string, text: string): FileFormat {
  const ending = name.toLowerCase().split('.').at(-1);
  if (ending === 'csv') return ending;
  const start = /^\uFEFF?\s*([^\s])/.exec(text)?.[1];
  if (ending === 'jsonl' || ending === 'ndjson') return start === '[' || isSpread(text) ? 'json' : 'jsonl';
  // Many published .json files are JSON Lines by content.
  if (ending === 'json') return firstLineIsWhole(text) ? 'jsonl' : 'json';
  if (start === '[') return 'json';
  return start === '{' ? 'jsonl' : 'csv';
}

/** Does the first object go over several lines, so that no line holds one? */
function isSpread(text: string): boolean {
  return /^\uFEFF?\s*\{[ \t]*\r?\n/.test(text);
}

/** Is there a whole object on the first line, and more after it? */
function firstLineIsWhole(text: string): boolean {
  const end = text.indexOf('\n');
  if (!text.startsWith('{') || end < 0 || end > LONGEST_ROW || text.slice(end).trim() === '') return false;
  try {
    return isRecord(JSON.parse(text.slice(0, end)));
  } catch {
    return false;
  }
}
