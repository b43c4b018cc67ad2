import { JsonError, parseStrictJson } from '../../model/formats/strict-json.ts';
import { BundleError } from './bundle-error.ts';

/**
 * A record as one line of JSON. What JSON cannot carry is an object with one key: typed arrays in base64 (exact, and a
 * third of the digits), numbers that are none, and a file by its path in the bundle.
 */
const FLOAT32 = '$float32';
const INT32 = '$int32';
const NUMBER = '$number';
const FILE = '$file';

/** Characters; the outcome of a lab with all its exhibits is the longest record there is. */
export const MOST_LINE_LENGTH = 64e6;

/** A file in the bundle that a record names. */
export class FileInBundle {
  constructor(readonly path: string) {}
}

/** @param pathOf gives a blob of the record its place in the bundle */
export function lineOf(record: unknown, pathOf: (file: Blob) => string = refuseFile): string {
  return JSON.stringify(record, (_key, one: unknown) => {
    if (typeof one === 'number')
      return isPlain(one) ? one : { [NUMBER]: Object.is(one, -0) ? '-0' : String(one) };
    if (one instanceof Float32Array) return { [FLOAT32]: base64Of(one) };
    if (one instanceof Int32Array) return { [INT32]: base64Of(one) };
    if (one instanceof Blob) return { [FILE]: pathOf(one) };
    if (one instanceof FileInBundle) return { [FILE]: one.path };
    return one;
  });
}

/** @throws BundleError when the line is no record as `lineOf` writes it */
export function recordOf(line: string): unknown {
  try {
    return revived(parseStrictJson(line));
  } catch (cause) {
    if (cause instanceof JsonError)
      throw new BundleError(`A line of it cannot be read: ${cause.message}.`, { cause });
    throw cause;
  }
}

function refuseFile(): never {
  throw new Error('This record has no place for a file.');
}

const isPlain = (value: number) => Number.isFinite(value) && !Object.is(value, -0);

/** Depth was bounded by the parser. Every key is the object's own, so nothing is inherited. */
function revived(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = revived(value[i]);
    return value;
  }
  const record = value as Record<string, unknown>;
  const keys = Object.keys(record);
  const known = keys.length === 1 ? marked(keys[0]!, record[keys[0]!]) : undefined;
  if (known !== undefined) return known;
  // Not one of ours: a record may have such a key, and what is marked may lie within.
  for (const key of keys) {
    if (key === '__proto__')
      throw new BundleError('A record of it has a key that no record has: "__proto__".');
    record[key] = revived(record[key]);
  }
  return record;
}

const NUMBERS: ReadonlyMap<unknown, number> = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
  ['-0', -0],
]);

function marked(mark: string, value: unknown): unknown {
  if (mark === NUMBER) return NUMBERS.get(value);
  if (typeof value !== 'string') return undefined;
  if (mark === FILE) return new FileInBundle(value);
  if (mark === FLOAT32) return new Float32Array(bytesOf(value));
  if (mark === INT32) return new Int32Array(bytesOf(value));
  return undefined;
}

/** Characters that one call can take as arguments. */
const AT_ONCE = 8192;

function base64Of({ buffer, byteOffset, byteLength }: Float32Array | Int32Array): string {
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  let text = '';
  for (let i = 0; i < bytes.length; i += AT_ONCE)
    text += String.fromCharCode(...bytes.subarray(i, i + AT_ONCE));
  return btoa(text);
}

function bytesOf(base64: string): ArrayBuffer {
  let text: string;
  try {
    text = atob(base64);
  } catch (cause) {
    throw new BundleError('Numbers in it are damaged.', { cause });
  }
  if (text.length % 4 !== 0) throw new BundleError('Numbers in it are cut off.');
  return Uint8Array.from(text, (character) => character.charCodeAt(0)).buffer;
}
