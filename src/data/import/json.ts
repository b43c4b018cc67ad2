import { importError } from './errors.ts';
import { isRecord, type Row } from './row.ts';

/**
 * A JSON array of objects, or an object whose only array holds them ({"data": [...]}).
 * Throws ImportError with the line of the syntax error or of the element that is no object.
 */
export function readJson(text: string): Row[] {
  const value = parse(text);
  const elements = elementsOf(value);
  // Where the array is inside an object, elements are numbered by the lines of that array's brackets.
  const lines = elementLines(text, Array.isArray(value) ? 1 : 2);
  return elements.map((values, index) => {
    const line = lines[index] ?? 1;
    if (!isRecord(values))
      throw importError('this element is not an object such as {"instruction": "…"}.', line);
    return { line, values };
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const { message } = cause as Error;
    throw importError(`this is not valid JSON (${message}).`, errorLine(message, text));
  }
}

/** Browsers say where the text broke off in words: "at position 42", or "line 3 column 5", or only "end". */
function errorLine(message: string, text: string): number {
  const named = /line (\d+)/.exec(message);
  if (named) return Number(named[1]);
  const position = /position (\d+)/.exec(message);
  return lineAt(text, position ? Number(position[1]) : text.trimEnd().length);
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

function elementsOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  const arrays = isRecord(value) ? Object.values(value).filter(Array.isArray) : [];
  if (arrays.length === 1) return arrays[0] as unknown[];
  throw importError('The file is neither a JSON array of objects nor an object with one array in it.');
}

/** The line on which each element begins that stands `depth` brackets deep, by a walk over valid JSON. */
function elementLines(text: string, depth: number): number[] {
  const lines: number[] = [];
  let line = 1;
  let level = 0;
  let inString = false;
  let expectsElement = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i] as string;
    if (character === '\n') line++;
    if (inString) {
      if (character === '\\') i++;
      else if (character === '"') inString = false;
      continue;
    }
    if (expectsElement && !/[\s\]]/.test(character)) {
      lines.push(line);
      expectsElement = false;
    }
    if (character === '"') inString = true;
    else if (character === '[' || character === '{') {
      level++;
      expectsElement = level === depth && character === '[';
    } else if (character === ']' || character === '}') level--;
    else if (character === ',' && level === depth) expectsElement = lines.length > 0;
  }
  return lines;
}
