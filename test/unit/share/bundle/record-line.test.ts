import { describe, expect, it } from 'vitest';
import { lineOf, recordOf } from '../../../../src/share/bundle/record-line.ts';

describe('a record as a line', () => {
  it.each([
    ['numbers that are none', { a: NaN, b: -0, c: [Infinity, -Infinity], d: { $number: 'text' } }],
    ['a key like ours, with such numbers within', { margin: { $number: [1, Infinity, { b: NaN }] } }],
    ['a key of nobody, with numbers within', { $other: { a: new Float32Array([1, NaN]) } }],
    ['arrays', { a: new Float32Array([0.1, Infinity]), b: new Int32Array([-1, 7]) }],
  ])('%s', (_, record) => {
    expect(recordOf(lineOf(record))).toEqual(record);
  });

  it('numbers too large for JSON stay what they were read as', () => {
    const once = recordOf('{"$number": [1e999, null]}');
    expect(recordOf(lineOf(once))).toEqual(once);
  });
});
