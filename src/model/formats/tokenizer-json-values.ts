/** Values of a parsed tokenizer.json, checked: a file comes from anywhere. */

/** Thrown when a tokenizer cannot be used; the message says which part of it. */
export class TokenizerError extends Error {
  override name = 'TokenizerError';
}

export type Json = Record<string, unknown>;

/** Larger than any vocabulary known (2^18); the library allocates by the highest id. */
const MAX_ID = 2 ** 21;

export function fail(problem: string): never {
  throw new TokenizerError(`This tokenizer.json cannot be read: ${problem}.`);
}

export function refuse(part: string): never {
  throw new TokenizerError(`This tokenizer cannot be computed exactly here: ${part}.`);
}

export function asObject(value: unknown, name: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return fail(`${name} is no object`);
  return value as Json;
}

export function asList(value: unknown, name: string): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : fail(`${name} is no list`);
}

export function asText(value: unknown, name: string): string {
  return typeof value === 'string' && value !== '' ? value : fail(`${name} is no text`);
}

export function asId(value: unknown, name: string): number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < MAX_ID
    ? (value as number)
    : fail(`${name} has no id below ${MAX_ID}`);
}
