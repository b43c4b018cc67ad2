import { expect, test } from 'vitest';
import { inTokenBudget, packGroups } from '../../../src/model/packed-batch.ts';

test('a pair shares its prompt, and every token of a completion is predicted', () => {
  const packed = packGroups([
    { prompt: Int32Array.of(1, 7), completions: [Int32Array.of(8, 9, 2), Int32Array.of(5, 2)] },
    { prompt: Int32Array.of(1), completions: [Int32Array.of(4)] },
  ]);
  expect([...packed.ids]).toEqual([1, 7, 8, 9, 5, 1]);
  expect([...packed.positions]).toEqual([0, 1, 2, 3, 2, 0]);
  const spans = Array.from({ length: 6 }, (_, i) => [...packed.spans.slice(3 * i, 3 * i + 3)]);
  expect(spans).toEqual([
    [0, 0, 0],
    [0, 0, 0],
    [0, 2, 2],
    [0, 2, 2],
    [0, 2, 4],
    [0, 0, 5],
  ]);
  expect([...packed.rows]).toEqual([1, 2, 3, 1, 4, 5]);
  expect([...packed.targets]).toEqual([8, 9, 2, 5, 2, 4]);
  expect(packed.offsets).toEqual([0, 3, 5, 6]);
});

test('a token budget keeps the order and never splits an entry', () => {
  expect(inTokenBudget([3, 4, 9, 1, 1], (n) => n, 8)).toEqual([[3, 4], [9], [1, 1]]);
});
