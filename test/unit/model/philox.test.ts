import { expect, test } from 'vitest';
import { philox, uniform } from '../../../src/model/philox.ts';

/** Known answers of Random123 (kat_vectors, philox4x32 10). */
test.each([
  { counter: [0, 0, 0, 0], key: [0, 0], expected: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
  {
    counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    key: [0xffffffff, 0xffffffff],
    expected: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  },
  {
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    key: [0xa4093822, 0x299f31d0],
    expected: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  },
] as const)('philox($counter)', ({ counter, key, expected }) => {
  expect(philox([...counter], [...key])).toEqual(expected);
});

test('uniform noise has the mean and variance of a uniform distribution', () => {
  const draws = Array.from({ length: 20_000 }, (_, position) =>
    uniform({ seed: 1, round: 0, key: 7, sample: 3, position }),
  );
  const mean = draws.reduce((a, b) => a + b, 0) / draws.length;
  const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length;
  expect(mean).toBeCloseTo(0.5, 2);
  expect(variance).toBeCloseTo(1 / 12, 2);
});
