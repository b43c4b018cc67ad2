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

/** Walks over the tokens of valid JSON. A string before a colon is a key of the innermost object. */
function checkKeys(text: string): void {
  const open: Set<string>[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '{' || character === '[') {
      if (open.length === MAX_DEPTH) throw new JsonError(`it nests deeper than ${MAX_DEPTH}`);
      open.push(new Set());
    } else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const end = endOfString(text, at);
      if (isBeforeColon(text, end)) addKey(open.at(-1) as Set<string>, text.slice(at, end));
      at = end - 1;
    }
  }
}

function endOfString(text: string, begin: number): number {
  let at = begin + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function isBeforeColon(text: string, at: number): boolean {
  while (/\s/.test(text[at] ?? '')) at++;
  return text[at] === ':';
}

function addKey(keys: Set<string>, quoted: string): void {
  const key = JSON.parse(quoted) as string;
  if (keys.has(key)) throw new JsonError(`it holds the key "${key.slice(0, 80)}" twice`);
  keys.add(key);
}
