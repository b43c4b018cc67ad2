import Papa from 'papaparse';
import { unguardedText } from '../spreadsheet-text.ts';
import { importError } from './errors.ts';
import { checkRowCount, LONGEST_ROW, rowTooLong } from './limits.ts';
import type { ReadRows, Reading, Row } from './row.ts';

/**
 * CSV with a header line; comma, semicolon or tab, quotes and line breaks in quotes as in RFC 4180. A record that cannot
 * be read is left out, with the line on which it begins. Apostrophes that keep a spreadsheet from running a cell are
 * taken off (`spreadsheet-text.ts`).
 * @throws ImportError for a header that cannot be used
 */
export function* readCsv(text: string): Reading {
  const read: ReadRows = { rows: [], leftOut: [] };
  let names: string[] | null = null;
  for (const record of recordsOf(text)) {
    const { line, end, source } = record;
    const problem = problemOf(record, names);
    if (names === null) names = namesOf(record, problem);
    else if (problem === null) read.rows.push(toRow(names, record));
    else read.leftOut.push({ line, message: problem, source });
    checkRowCount(read.rows.length);
    yield end;
  }
  return read;
}

interface CsvRecord {
  line: number;
  cells: string[];
  source: string;
  /** Where the next one begins. */
  end: number;
  /** What Papa Parse says of its quotes. */
  quotes: string | null;
}

function problemOf({ cells, source, quotes }: CsvRecord, names: readonly string[] | null): string | null {
  if (quotes !== null) return `the quotes do not match (${quotes}).`;
  if (names !== null && cells.length !== names.length)
    return `${cells.length} cells, but the header names ${names.length} columns.`;
  return rowTooLong(source.length);
}

function namesOf({ cells, line }: CsvRecord, problem: string | null): string[] {
  if (problem !== null) throw importError(problem, line);
  const names = cells.map((name) => unguardedText(name).trim());
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw importError(`the column "${name}" is named twice.`, line);
    seen.add(name);
  }
  return names;
}

function toRow(names: readonly string[], { line, cells, source }: CsvRecord): Row {
  return {
    line,
    values: Object.fromEntries(names.map((name, i) => [name, unguardedText(cells[i]!)])),
    source,
  };
}

/** Papa Parse works through a whole text at once: it gets a window of it at a time, so that reading can be interrupted. */
const WINDOW = 2 ** 18;
/** A record that is longer than this is left out anyway. */
const LARGEST_WINDOW = 4 * LONGEST_ROW;
/** Each open quote makes the parser run to the end of its window: a file with more of them is given up. */
const MOST_OPEN_QUOTES = 100;

function* recordsOf(text: string): Generator<CsvRecord, void, void> {
  const { delimiter, linebreak: newline } = Papa.parse(text.slice(0, 2 ** 20), { preview: 1, ...GUESS }).meta;
  let [line, size, openQuotes] = [1, WINDOW, 0];
  for (let at = 0; at < text.length;) {
    const isLast = at + size >= text.length;
    const records = parseWindow(text.slice(at, at + size), { delimiter, newline, isLast });
    if (records.length === 0) {
      size *= 4;
      continue;
    }
    const from = at;
    for (const { cells, quotes, end } of records) {
      // An open quote takes in what follows: the record is given up at the end of its first line.
      const recordEnd = quotes === null ? from + end : firstLineEnd(text, at);
      const source = text.slice(at, recordEnd);
      const isOpen = quotes !== null && from + end >= Math.min(from + size, text.length);
      if (isOpen && ++openQuotes > MOST_OPEN_QUOTES)
        return yield { line, cells, source: source.trimEnd(), end: text.length, quotes: GIVEN_UP };
      if (quotes !== null || cells.some((cell) => cell !== ''))
        yield { line, cells, source: source.trimEnd(), end: recordEnd, quotes };
      line += source.match(/\r\n|\n|\r/g)?.length ?? 0;
      at = recordEnd;
    }
    size = WINDOW;
  }
}

const GIVEN_UP = 'there are too many open quotes before; the rest of the file was not read';

const GUESS = { delimitersToGuess: [',', ';', '\t'] };

interface ParsedRecord {
  cells: string[];
  end: number;
  quotes: string | null;
}

/** The records of a window but for its last one, which may go on behind it. */
function parseWindow(
  window: string,
  { delimiter, newline, isLast }: { delimiter: string; newline: string; isLast: boolean },
): ParsedRecord[] {
  const records: ParsedRecord[] = [];
  Papa.parse<string[]>(window, {
    delimiter,
    newline: newline as '\n',
    step: ({ data, errors, meta }, parser) => {
      const quotes = errors.find(({ type }) => type === 'Quotes')?.message ?? null;
      records.push({ cells: data, end: meta.cursor, quotes });
      // What follows an open quote is read anew.
      if (quotes !== null) parser.abort();
    },
  });
  const last = records.at(-1);
  if (!isLast && last && last.end >= window.length && window.length <= LARGEST_WINDOW) records.pop();
  return records;
}

function firstLineEnd(text: string, from: number): number {
  const lineEnd = /\r\n|\n|\r/g;
  lineEnd.lastIndex = from;
  return lineEnd.exec(text) ? lineEnd.lastIndex : text.length;
}
