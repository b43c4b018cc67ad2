import { expect, it } from 'vitest';
import { binaryValue, numericValue, rowsBy } from '../../../src/evaluate/verdict-table.ts';
import { verdictRow } from './verdict-rows.ts';

it('groups rows by a column, in order of appearance, those without a name apart', () => {
  const rows = ['b', null, 'a', 'b'].map((judge, i) => verdictRow({ judge, item: String(i) }));
  const items = [...rowsBy(rows, 'judge')].map(([judge, members]) => [
    judge,
    members.map(({ item }) => item),
  ]);
  expect(items).toEqual([
    ['b', ['0', '3']],
    [null, ['1']],
    ['a', ['2']],
  ]);
});

it('reads 1, 0 and nothing, and refuses any other value in words', () => {
  expect([0, 1, null].map((verdict) => binaryValue(verdictRow({ verdict }), 'verdict'))).toEqual([
    0,
    1,
    null,
  ]);
  expect(() => binaryValue(verdictRow({ item: 'q7', verdict: 4 }), 'verdict')).toThrow(
    /verdict of item "q7" is 4/,
  );
  expect(() => binaryValue(verdictRow({ label: 'tie' }), 'label')).toThrow(RangeError);
});

it('reads any number where numbers are asked for, and refuses words', () => {
  expect([2.5, null].map((label) => numericValue(verdictRow({ label }), 'label'))).toEqual([2.5, null]);
  expect(() => numericValue(verdictRow({ item: 'q7', verdict: 'first' }), 'verdict')).toThrow(
    /verdict of item "q7" is "first"/,
  );
});
