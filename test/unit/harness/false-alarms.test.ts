import { expect, test } from 'vitest';
import { moreThanFalseAlarms } from '../../../src/harness/false-alarms.ts';

test.each([
  [0, 64, false],
  [1, 1, true],
  // P(X ≥ 3) of 64 at 2 % is 0.14, P(X ≥ 4) is 0.04.
  [3, 64, false],
  [4, 64, true],
  [7, 200, false],
  [8, 200, true],
  [200, 200, true],
])('%i foreign ones of %i read are more than false alarms: %s', (foreign, read, expected) => {
  expect(moreThanFalseAlarms(foreign, read)).toBe(expected);
});
