import { describe, expect, it } from 'vitest';
import { bm25, words } from '../../../src/evaluate/bm25.ts';

const PASSAGES = [
  'the capital of france is paris',
  'paris paris is a big old city in france',
  'tokyo is the capital of japan',
  'a puppy is a young dog',
  'the dog saw a big dog and a cat',
];
const rounded = (values: number[]) => values.map((value) => Number(value.toFixed(6)));

describe('BM25', () => {
  it('has the known values for "capital of france"', () => {
    expect(rounded(bm25('capital of france', PASSAGES))).toEqual([2.818582, 0.79424, 1.879055, 0, 0]);
  });

  it('finds whole words only: neither "a" in "paris" nor "cap" in "capital"', () => {
    expect(bm25('cap', PASSAGES)).toEqual([0, 0, 0, 0, 0]);
    expect(bm25('a', PASSAGES).map((score) => score > 0)).toEqual([false, true, false, true, true]);
  });

  it('looks neither at case nor punctuation, and takes signs for no pattern', () => {
    const shouted = PASSAGES.map((passage) => `${passage.toUpperCase()}!`);
    expect(bm25('Capital, of (France)?.*', shouted)).toEqual(bm25('capital of france', PASSAGES));
  });

  it('counts words of any script', () => {
    expect(bm25('Größe', ['die größe', 'die große']).map((score) => score > 0)).toEqual([true, false]);
    expect(rounded(bm25('столица франции', ['столица франции', 'a b']))).toEqual(
      rounded(bm25('capital france', ['capital france', 'a b'])),
    );
  });

  it('is 0 where there is nothing to compare', () => {
    expect(bm25('', PASSAGES)).toEqual([0, 0, 0, 0, 0]);
    expect(bm25('france', ['', '…'])).toEqual([0, 0]);
    expect(bm25('france', [])).toEqual([]);
  });
});

it('divides a text into words of letters and digits', () => {
  expect(words("Don't count 3.5 on-line: E\u0301te\u0301!")).toEqual([
    'don',
    't',
    'count',
    '3',
    '5',
    'on',
    'line',
    'été',
  ]);
});
