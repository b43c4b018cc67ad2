import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FIRST_SEED, newRunSeed } from '../../../../../src/app/state/improve/new-run-seed.ts';
import { presetSettings } from '../../../../../src/rationalize/presets.ts';

test('a project’s first run has the seed that everybody’s has', () => {
  expect(FIRST_SEED).toBe(1);
  expect(newRunSeed([], 77)).toBe(1);
});

test('a proposed seed is kept until a run has it', () => {
  expect(newRunSeed([1], 77)).toBe(77);
  expect(newRunSeed([1, 77], 77, () => 0.5)).toBe(500_000);
});

test('a later run’s seed is one that the settings allow and no run has', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 31 - 1 }), { minLength: 1 }), (used) => {
      const seed = newRunSeed(used);
      expect(used).not.toContain(seed);
      expect(presetSettings('quick', { seed }).seed).toBe(seed);
    }),
  );
});
