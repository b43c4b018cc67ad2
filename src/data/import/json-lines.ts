import { importError } from './errors.ts';
import { isRecord, type Row } from './row.ts';

/** JSON Lines: one object on each line; empty lines are passed over. Throws ImportError with the line number. */
export function readJsonLines(text: string): Row[] {
  return text
    .split(/\r\n|\n|\r/)
    .map((content, index) => ({ content, line: index + 1 }))
    .filter(({ content }) => content.trim() !== '')
    .map(({ content, line }) => ({ line, values: parseObject(content, line) }));
}

function parseObject(content: string, line: number): Record<string, unknown> {
  const value = parseLine(content, line);
  if (!isRecord(value)) throw importError('this is not a JSON object such as {"instruction": "…"}.', line);
  return value;
}

function parseLine(content: string, line: number): unknown {
  try {
    return JSON.parse(content);
  } catch (cause) {
    throw importError(`this is not valid JSON (${(cause as Error).message}).`, line);
  }
}
