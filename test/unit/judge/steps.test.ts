import { expect, it } from 'vitest';
import { atOnce, inSlices, mapped, type Steps } from '../../../src/judge/steps.ts';

/** Counts to `count`, a number a step, each of which takes a millisecond. */
function* counting(count: number): Steps<number> {
  let sum = 0;
  for (let number = 1; number <= count; number++) {
    const end = performance.now() + 1;
    while (performance.now() < end);
    sum += number;
    yield;
  }
  return sum;
}

it('comes to the same at once and in slices', async () => {
  expect(atOnce(counting(10))).toBe(55);
  expect(await inSlices(counting(10))).toBe(55);
});

it('lets others have their turn between slices, and before the first', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const sum = await inSlices(counting(200));
  clearInterval(timer);
  expect(sum).toBe(20_100);
  expect(turns).toBeGreaterThanOrEqual(3);
});

it('joins steps, and hands on what they throw', async () => {
  const failing = function* (): Steps<number> {
    const sum = yield* counting(2);
    throw new RangeError(`no more than ${sum}`);
  };
  expect(() => atOnce(failing())).toThrow('no more than 3');
  await expect(inSlices(failing())).rejects.toThrow(RangeError);
});

it('maps a list as map does', () => {
  expect(atOnce(mapped([1, 2, 3], (number) => number * number))).toEqual([1, 4, 9]);
  expect(atOnce(mapped([], String))).toEqual([]);
});
