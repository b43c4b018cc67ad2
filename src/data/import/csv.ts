import Papa from 'papaparse';
import { importError } from './errors.ts';
import type { Row } from './row.ts';

/**
 * CSV with a header line; comma, semicolon or tab, quotes and line breaks in quotes as in RFC 4180.
 * Throws ImportError with the line on which a bad record begins.
 */
export function readCsv(text: string): Row[] {
  const [header, ...records] = readRecords(text);
  if (!header) return [];
  const names = header.cells.map((name) => name.trim());
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw importError(`the column "${twice}" is named twice.`, header.line);
  return records.map((record) => toRow(names, record));
}

interface CsvRecord {
  line: number;
  cells: string[];
}

function readRecords(text: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  let line = 1;
  let from = 0;
  Papa.parse<string[]>(text, {
    delimitersToGuess: [',', ';', '\t'],
    step: ({ data, errors, meta }) => {
      const problem = errors.find(({ type }) => type === 'Quotes');
      if (problem) throw importError(`the quotes do not match (${problem.message}).`, line);
      if (data.some((cell) => cell !== '')) records.push({ line, cells: data });
      // Papa Parse counts records; a quoted cell may span lines, so lines are counted up to its cursor.
      line += text.slice(from, meta.cursor).split(/\r\n|\n|\r/).length - 1;
      from = meta.cursor;
    },
  });
  return records;
}

function toRow(names: readonly string[], { line, cells }: CsvRecord): Row {
  if (cells.length !== names.length)
    throw importError(`${cells.length} cells, but the header names ${names.length} columns.`, line);
  return { line, values: Object.fromEntries(names.map((name, i) => [name, cells[i]])) };
}
