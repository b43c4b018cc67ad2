import { GgufError } from './gguf-error.ts';

/** A bound on what a file may claim: time and memory stay small whatever it says. */
export const MAX_HEADER_BYTES = 64 * 1024 * 1024;

/** The bytes at hand end before the header does. */
export class EndOfBytes extends Error {}

/** Reads little-endian values one after another. */
export class Cursor {
  at = 0;
  readonly #view: DataView;
  readonly #bytes: Uint8Array;

  constructor(
    buffer: ArrayBuffer,
    readonly fileBytes: number,
  ) {
    this.#view = new DataView(buffer);
    this.#bytes = new Uint8Array(buffer);
  }

  /** Moves on by `bytes`. @returns where they begin */
  #take(bytes: number): number {
    const begin = this.at;
    if (begin + bytes > this.#bytes.length) throw new EndOfBytes();
    this.at = begin + bytes;
    return begin;
  }

  u8 = () => this.#view.getUint8(this.#take(1));
  i8 = () => this.#view.getInt8(this.#take(1));
  u16 = () => this.#view.getUint16(this.#take(2), true);
  i16 = () => this.#view.getInt16(this.#take(2), true);
  u32 = () => this.#view.getUint32(this.#take(4), true);
  i32 = () => this.#view.getInt32(this.#take(4), true);
  f32 = () => this.#view.getFloat32(this.#take(4), true);
  f64 = () => this.#view.getFloat64(this.#take(8), true);
  u64 = (): number | bigint => {
    const at = this.#take(8);
    const high = this.#view.getUint32(at + 4, true);
    // Below 2^53 in two halves: a vocabulary has a million lengths, and a bigint for each takes ten times as long.
    if (high < 2 ** 21) return high * 2 ** 32 + this.#view.getUint32(at, true);
    return this.#view.getBigUint64(at, true);
  };
  i64 = () => exact(this.#view.getBigInt64(this.#take(8), true));

  bool = () => {
    const byte = this.u8();
    if (byte > 1) throw new GgufError(`A truth value in the metadata is ${byte}.`);
    return byte === 1;
  };

  /** A length or count of things that take at least `bytesEach`: more than the file can hold is a lie. */
  count(what: string, bytesEach: number, most: number): number {
    const count = this.u64();
    if (typeof count === 'bigint' || count > most || count * bytesEach > this.fileBytes - this.at)
      throw new GgufError(`The GGUF header claims ${count} ${what}: that cannot be.`);
    return count;
  }

  string = (most = MAX_HEADER_BYTES): string => {
    const length = this.count('bytes of text', 1, most);
    const begin = this.#take(length);
    return decodeText(this.#bytes, begin, begin + length);
  };
}

const exact = (value: bigint): number | bigint => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
};

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Vocabularies are short ASCII for the most part: taking those by hand is several times faster than TextDecoder. */
function decodeText(bytes: Uint8Array, begin: number, end: number): string {
  if (end - begin > 24) return decodeUtf8(bytes.subarray(begin, end));
  let text = '';
  for (let at = begin; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte > 127) return decodeUtf8(bytes.subarray(begin, end));
    text += String.fromCharCode(byte);
  }
  return text;
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new GgufError('A text in the GGUF header is not UTF-8.', { cause });
  }
}
