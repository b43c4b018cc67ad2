import { expect } from 'vitest';
import type { RunRecords } from './records.ts';

/** Relative difference of losses that two runs on a GPU may have. */
const LOSS_TOLERANCE = 1e-4;

/** What a run left must be what an uninterrupted one of the same settings leaves: nothing lost, nothing double. */
export function expectSame(run: RunRecords, uninterrupted: RunRecords): void {
  expect(run.doubled).toBe(0);
  expect(run.withoutTokens).toBe(0);
  expect(run).toEqual(uninterrupted);
}

/**
 * The same on a GPU, whose sums may take another order: as many judgments, each once; as many steps, whose losses agree;
 * every trained policy stored.
 */
export function expectAlike(run: RunRecords, uninterrupted: RunRecords): void {
  expect(run.doubled).toBe(0);
  expect(run.withoutTokens).toBe(0);
  const counts = ({ judgments }: RunRecords) => Object.values(judgments).map(({ count }) => count).toSorted((a, b) => a - b); // prettier-ignore
  expect(counts(run)).toEqual(counts(uninterrupted));
  expect(run.policies.map(({ stored }) => stored)).toEqual(uninterrupted.policies.map(() => true));
  expect(run.losses.length).toBe(uninterrupted.losses.length);
  run.losses.forEach((loss, step) => {
    const expected = uninterrupted.losses[step]!;
    expect(Math.abs(loss - expected) / Math.abs(expected)).toBeLessThan(LOSS_TOLERANCE);
  });
  expect(run.done).toBe(true);
}
