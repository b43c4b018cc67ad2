/** An element of a JSON array, or one of several values in a row, as it stands in the text. */
export interface JsonPart {
  begin: number;
  end: number;
  line: number;
  /** A bracket of it is never closed; `end` is the end of its first line. */
  isCutOff: boolean;
}

/** Elements of an array or members of an object, with commas between them, or values that follow each other. */
export type Between = 'commas' | 'nothing';

/** Each restart looks through the rest of the file: a file with more broken brackets than this is given up. */
const MOST_RESTARTS = 20;

/**
 * Cuts the values apart that begin at `from`, up to the bracket that closes their list, or the end of the text. It looks at
 * brackets and quotes only: whether a part is JSON is found when it is parsed. Behind a value that is never closed it
 * goes on with the next line that begins with an object.
 */
export function* partsOf(text: string, from: number, between: Between): Generator<JsonPart, void, void> {
  const lines = lineCounter(text);
  let restarts = 0;
  for (let at = skipSpace(text, from); at < text.length;) {
    const { end, closes } = endOfPart(text, at, between);
    const line = lines(at);
    if (end === null) {
      const lineEnd = text.indexOf('\n', at);
      yield { begin: at, end: lineEnd < 0 ? text.length : lineEnd, line, isCutOff: true };
      const next = nextObject(text, at);
      if (next === null || ++restarts > MOST_RESTARTS) return;
      at = next;
      continue;
    }
    const part = { begin: at, end, line, isCutOff: false };
    if (!closes || skipSpace(text, at) < end) yield part;
    if (closes) return;
    at = skipSpace(text, between === 'commas' ? end + 1 : end);
  }
}

/** Where a part ends; null where the text ends before. `closes`: it is the last one of its list. */
function endOfPart(text: string, begin: number, between: Between): { end: number | null; closes: boolean } {
  let depth = 0;
  for (let at = begin; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at);
        break;
      case OPEN_OBJECT:
      case OPEN_LIST:
        depth++;
        break;
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        if (depth === 0 && between === 'commas') return { end: at, closes: true };
        // Between values that follow each other, a bracket too many is a part of its own.
        if (--depth <= 0 && between === 'nothing') return { end: at + 1, closes: false };
        break;
      case COMMA:
        if (depth === 0 && between === 'commas') return { end: at, closes: false };
    }
  }
  return { end: null, closes: false };
}

const [QUOTE, COMMA, BACKSLASH] = [0x22, 0x2c, 0x5c];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];

/** The closing quote. A string of JSON holds no line break: one that meets it lacks its quote, and ends there. */
function endOfString(text: string, begin: number): number {
  for (let at = begin + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE || code === 0x0a) return at;
  }
  return text.length;
}

function nextObject(text: string, from: number): number | null {
  const start = /\n[ \t]*(?=\{)/g;
  start.lastIndex = from;
  return start.exec(text) ? start.lastIndex : null;
}

/** The line of a place in the text; places must come in order. */
function lineCounter(text: string): (at: number) => number {
  let line = 1;
  let next = text.indexOf('\n');
  return (at) => {
    while (next >= 0 && next < at) {
      line++;
      next = text.indexOf('\n', next + 1);
    }
    return line;
  };
}

export function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text[at]!)) at++;
  return at;
}
