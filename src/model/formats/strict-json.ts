/** JSON from outside that cannot be used, with the reason in words. */
export class JsonError extends Error {
  override name = 'JsonError';
}

const MAX_DEPTH = 32;

/**
 * JSON.parse, but a key that occurs twice is an error instead of the last one winning in silence: two readers of the
 * same file could otherwise see different models.
 * @throws JsonError when the text is not JSON, repeats a key, or nests deeper than 32
 */
export function parseStrictJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new JsonError('it is not JSON', { cause });
  }
  checkKeys(text);
  return value;
}

const TOKEN = /["{}[\]]/g;

/** Walks over the tokens of valid JSON. A string before a colon is a key of the innermost object. */
function checkKeys(text: string): void {
  const open: Set<string>[] = [];
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(text); found; found = TOKEN.exec(text)) {
    const at = found.index;
    const character = found[0];
    if (character === '{' || character === '[') {
      if (open.length === MAX_DEPTH) throw new JsonError(`it nests deeper than ${MAX_DEPTH}`);
      open.push(new Set());
    } else if (character === '"') {
      const end = endOfString(text, at);
      if (isBeforeColon(text, end)) addKey(open.at(-1) as Set<string>, text.slice(at, end));
      TOKEN.lastIndex = end;
    } else open.pop();
  }
}

function endOfString(text: string, begin: number): number {
  let end = text.indexOf('"', begin + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end + 1;
}

/** After an odd number of backslashes. */
function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text[at - 1 - slashes] === '\\') slashes++;
  return slashes % 2 === 1;
}

function isBeforeColon(text: string, end: number): boolean {
  let at = end;
  while (' \t\n\r'.includes(text[at] ?? ':')) at++;
  return text[at] === ':';
}

function addKey(keys: Set<string>, quoted: string): void {
  const key = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
  if (keys.has(key)) throw new JsonError(`it holds the key "${key.slice(0, 80)}" twice`);
  keys.add(key);
}
