import { describe, expect, test } from 'vitest';
import { secondsSince } from './cpu-time.ts';
import { readGgufHeader } from '../../../../src/model/formats/gguf-header.ts';
import { GgufError } from '../../../../src/model/formats/gguf-error.ts';
import {
  f32,
  ggufFile,
  join,
  list,
  text,
  TYPE,
  u32,
  u64,
  type GgufParts,
  type TensorInfo,
} from './gguf-file.ts';

const read = (parts: GgufParts) => readGgufHeader(new Blob([ggufFile(parts)]));

const A: TensorInfo = { name: 'a', dimensions: [4, 2], type: 0, offset: 0 };
const B: TensorInfo = { name: 'b', dimensions: [32], type: 8, offset: 32 };
const DATA = new Uint8Array(66);

describe('a sound file', () => {
  test.each([2, 3])('of version %d gives its metadata and where its tensors lie', async (version) => {
    const { metadata, tensors } = await read({
      version,
      metadata: [
        ['flag', TYPE.bool, Uint8Array.of(1)],
        ['count', TYPE.u64, u64(7)],
        ['huge', TYPE.u64, u64(2n ** 60n)],
        ['rate', TYPE.f32, f32(0.5)],
        ['words', TYPE.list, list(TYPE.string, 2, text('Ġhe'), text('𝄞'))],
      ],
      tensors: [A, B],
      data: DATA,
    });
    expect(Object.fromEntries(metadata)).toEqual({
      flag: true,
      count: 7,
      huge: 2n ** 60n,
      rate: 0.5,
      words: ['Ġhe', '𝄞'],
    });
    expect(tensors).toMatchObject([
      { name: 'a', shape: [2, 4], format: 'f32' },
      { name: 'b', shape: [32], format: 'q8_0' },
    ]);
    expect(tensors.map(({ begin, end }) => end - begin)).toEqual([32, 34]);
    expect(tensors[0]!.begin % 32).toBe(0);
  });

  test('may have a header longer than the first read, and tensors in another order than their data', async () => {
    const { metadata, tensors } = await read({
      metadata: [['long', TYPE.string, text('x'.repeat(3_000_000))]],
      tensors: [B, A],
      data: DATA,
    });
    expect(metadata.get('long')).toHaveLength(3_000_000);
    expect(tensors.map(({ name }) => name)).toEqual(['b', 'a']);
  });
});

const meta = (type: number, value: Uint8Array): GgufParts => ({ metadata: [['key', type, value]] });
const tensor = (changes: Partial<TensorInfo>): GgufParts => ({ tensors: [{ ...A, ...changes }], data: DATA });
const alignment = (value: number): GgufParts => ({
  metadata: [['general.alignment', TYPE.u32, u32(value)]],
  tensors: [A],
  data: DATA.slice(0, 32),
});

/** Each within two seconds: what it claims is refused before memory or time is spent on it. */
describe('a hostile file is refused in a sentence', () => {
  test.each<[what: string, parts: GgufParts, sentence: RegExp]>([
    ['another magic', { magic: 'GGML' }, /does not begin with "GGUF"/],
    ['version 1', { version: 1 }, /version 1/],
    ['big-endian', { version: 3 << 24 }, /big-endian/],
    ['2^60 tensors', { tensorCount: 2n ** 60n }, /claims 1152921504606846976 tensors/],
    ['2^63 tensors', { tensorCount: 2n ** 63n }, /claims \d+ tensors/],
    ['10 million tensors', { tensorCount: 10_000_000n }, /claims 10000000 tensors/],
    ['100,000 metadata', { metadataCount: 100_000n }, /claims 100000 metadata/],
    [
      'a list longer than the file',
      meta(TYPE.list, list(TYPE.u8, 1_000_000)),
      /claims 1000000 values in "key"/,
    ],
    ['a list of 2^40', meta(TYPE.list, list(TYPE.string, 2n ** 40n)), /claims \d+ values/],
    [
      'a list of lists',
      meta(TYPE.list, list(TYPE.list, 1, list(TYPE.u8, 0))),
      /type \(9\) that cannot be read/,
    ],
    ['a text longer than the file', meta(TYPE.string, u64(9_000_000)), /bytes of text/],
    ['text that is not UTF-8', meta(TYPE.string, join(u64(1), Uint8Array.of(0xff))), /not UTF-8/],
    ['a truth value of 2', meta(TYPE.bool, Uint8Array.of(2)), /truth value/],
    ['an unknown type', meta(77, u32(0)), /type \(77\)/],
    ['a key twice', { metadata: [['k', 4, u32(1)], ['k', 4, u32(2)]] }, /hold "k" twice/], // prettier-ignore
    ['a name of 300 bytes', tensor({ name: 'x'.repeat(300) }), /300 bytes of text/],
    ['a tensor twice', { tensors: [A, { ...A, offset: 32 }], data: new Uint8Array(64) }, /"a" twice/],
    ['no dimensions', tensor({ dimensions: [] }), /0 dimensions/],
    ['five dimensions', tensor({ dimensions: [1, 1, 1, 1, 1] }), /5 dimensions/],
    ['a dimension of 0', tensor({ dimensions: [0, 2] }), /shape/],
    ['dimensions beyond 2^53', tensor({ dimensions: [2 ** 31, 2 ** 31] }), /shape/],
    ['a dimension beyond 2^53', tensor({ dimensions: [2n ** 63n] }), /shape/],
    ['rows that are no whole blocks', tensor({ dimensions: [16, 2], type: 8 }), /shape that its type/],
    ['Q4_1', tensor({ name: 'blk.0.ffn_up.weight', type: 3 }), /"blk\.0\.ffn_up\.weight" is stored as Q4_1/],
    ['type 999', tensor({ type: 999 }), /number 999/],
    ['an offset beyond 2^53', tensor({ offset: 2n ** 63n }), /beyond the end/],
    ['a first gap', tensor({ offset: 32 }), /overlaps another or leaves a gap/],
    ['an overlap', { tensors: [A, { ...B, offset: 0 }], data: DATA }, /overlaps another/],
    ['data cut short', { tensors: [A], data: new Uint8Array(31) }, /ends within tensor "a"/],
    ['data left over', { tensors: [A], data: new Uint8Array(65) }, /goes on for 33 bytes/],
    ['an alignment of 0', alignment(0), /general\.alignment/],
    ['an alignment of 24', alignment(24), /general\.alignment/],
    ['an alignment of 2^31', alignment(2 ** 31), /general\.alignment/],
  ])('%s', { timeout: 10_000 }, async (_, parts, sentence) => {
    const start = process.cpuUsage();
    const error: unknown = await read(parts).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(GgufError);
    expect((error as Error).message).toMatch(sentence);
    expect(secondsSince(start)).toBeLessThan(2);
  });

  test('six million empty texts, as many as a header can hold, take less than two seconds', async () => {
    const empty = list(TYPE.string, 2_000_000, new Uint8Array(16_000_000));
    const metadata = ['a', 'b', 'c'].map((key): [string, number, Uint8Array] => [key, TYPE.list, empty]);
    const file = new Blob([ggufFile({ metadata })]);
    const start = process.cpuUsage();
    expect((await readGgufHeader(file)).metadata.size).toBe(3);
    expect(secondsSince(start)).toBeLessThan(2);
  });

  test('cut short anywhere', async () => {
    const whole = ggufFile({ metadata: [['words', TYPE.list, list(TYPE.string, 1, text('ab'))]], tensors: [A, B], data: DATA }); // prettier-ignore
    for (let length = 0; length < whole.length; length++)
      await expect(readGgufHeader(new Blob([whole.subarray(0, length)]))).rejects.toThrow(GgufError);
  });
});
