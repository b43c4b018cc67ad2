import { importError } from './errors.ts';
import { readCsv } from './csv.ts';
import { readJson } from './json.ts';
import { readJsonLines } from './json-lines.ts';
import { type Row, isRecord } from './row.ts';

export type FileFormat = 'jsonl' | 'json' | 'csv';

/** Caps that keep the page alive: a hundred thousand items are far more than one tab can judge. */
export const MOST_CHARACTERS = 50_000_000;
export const MOST_ROWS = 100_000;

const READERS: Readonly<Record<FileFormat, (text: string) => Row[]>> = {
  jsonl: readJsonLines,
  json: readJson,
  csv: readCsv,
};

/**
 * The records of a file's text. Without a format it is taken from the name's ending, else from the first
 * character of the text.
 * @throws ImportError with the line that is wrong; when the file is empty or too large.
 */
export function readRows(text: string, name: string, format: FileFormat = formatOf(name, text)): Row[] {
  if (text.length > MOST_CHARACTERS)
    throw importError(
      `The file is too large: ${text.length} characters, at most ${MOST_CHARACTERS} can be read.`,
    );
  const rows = READERS[format](text.replace(/^\uFEFF/, ''));
  if (rows.length === 0) throw importError('The file holds no records.');
  if (rows.length > MOST_ROWS)
    throw importError(`The file has ${rows.length} records; at most ${MOST_ROWS} can be imported.`);
  return rows;
}

/** The format that a name's ending promises, else the one that the text looks like. */
export function formatOf(name: string, text: string): FileFormat {
  const ending = name.toLowerCase().split('.').at(-1);
  if (ending === 'jsonl' || ending === 'ndjson') return 'jsonl';
  if (ending === 'csv') return ending;
  // Many published .json files are JSON Lines by content.
  if (ending === 'json') return firstLineIsWhole(text) ? 'jsonl' : 'json';
  const start = text.replace(/^\uFEFF/, '').trimStart().charAt(0); // prettier-ignore
  if (start === '[') return 'json';
  return start === '{' ? 'jsonl' : 'csv';
}

/** Is there a whole object on the first line, and more after it? */
function firstLineIsWhole(text: string): boolean {
  const [first = '', rest = ''] = text.split(/\n(.*)/s);
  if (!first.startsWith('{') || rest.trim() === '') return false;
  try {
    return isRecord(JSON.parse(first));
  } catch {
    return false;
  }
}
