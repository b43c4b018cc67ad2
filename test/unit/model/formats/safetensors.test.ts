import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { floatToHalf, halfToFloat } from '../../../../src/model/formats/half.ts';
import { readSafetensors, writeSafetensors } from '../../../../src/model/formats/safetensors.ts';
import { SafetensorsError } from '../../../../src/model/formats/safetensors-header.ts';
import { WeightFileError } from '../../../../src/model/formats/weight-source.ts';

const file = () =>
  writeSafetensors(
    new Map([
      ['a', { shape: [2, 3], data: Float32Array.from([1, 2, 3, 4, 5, 6]) }],
      ['b', { shape: [4], data: Float32Array.from([-1, 0.5, 0, 7]) }],
    ]),
    { metadata: { step: '7' } },
  );

test('what is written is read again', () => {
  const { arrays, metadata } = readSafetensors(file());
  expect(arrays.get('a')).toEqual({ shape: [2, 3], data: Float32Array.from([1, 2, 3, 4, 5, 6]) });
  expect(metadata.get('step')).toBe('7');
});

test('halves: every finite one survives the round trip, and rounding goes to the nearest', () => {
  const halves = Array.from({ length: 65536 }, (_, half) => half);
  const finite = halves.filter((half) => Number.isFinite(halfToFloat(half)));
  expect(finite.filter((half) => floatToHalf(halfToFloat(half)) !== half)).toEqual([]);
  fc.assert(
    fc.property(fc.float({ min: -65504, max: 65504, noNaN: true }), (x) => {
      const error = Math.abs(halfToFloat(floatToHalf(x)) - x);
      expect(error).toBeLessThanOrEqual(Math.max(2 ** -25, Math.abs(x) * 2 ** -11));
    }),
  );
});

describe('a damaged file is refused with a typed error', () => {
  const readable = (bytes: Uint8Array<ArrayBuffer>) => readSafetensors(bytes.slice().buffer);

  test('cut short anywhere', () => {
    const whole = new Uint8Array(file());
    for (let length = 0; length < whole.length; length++) {
      expect(() => readable(whole.slice(0, length))).toThrow(SafetensorsError);
    }
  });

  test('any byte changed: read, or refused, never anything else', () => {
    const whole = new Uint8Array(file());
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = whole.slice();
        damaged[at] = (damaged[at] as number) ^ change;
        try {
          readable(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(WeightFileError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    [
      'overlapping tensors',
      {
        a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
        b: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
      },
      4,
    ],
    ['a gap', { a: { dtype: 'F32', shape: [1], data_offsets: [4, 8] } }, 8],
    ['bytes left over', { a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }, 8],
    ['a size that is not the shape', { a: { dtype: 'F32', shape: [2], data_offsets: [0, 4] } }, 4],
    ['an unknown dtype', { a: { dtype: 'I64', shape: [1], data_offsets: [0, 8] } }, 8],
    ['a negative dimension', { a: { dtype: 'F32', shape: [-1], data_offsets: [0, 4] } }, 4],
  ])('%s', (_, header, dataBytes) => {
    const json = new TextEncoder().encode(JSON.stringify(header));
    const bytes = new Uint8Array(8 + json.length + dataBytes);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
    bytes.set(json, 8);
    expect(() => readable(bytes)).toThrow(SafetensorsError);
  });

  test('NaN among the weights', () => {
    const bytes = writeSafetensors(new Map([['a', { shape: [1], data: Float32Array.from([NaN]) }]]));
    expect(() => readSafetensors(bytes)).toThrow(/NaN/);
  });
});
