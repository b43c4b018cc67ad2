import { presetSettings } from '../../../rationalize/presets.ts';

/** Fresh seeds are drawn below this: short enough to be read out and typed again. */
const FRESH_SEEDS = 1_000_000;

/** The seed of a project's first run, so that everybody's first run can be compared with everybody else's. */
export const FIRST_SEED = presetSettings('standard').seed;

/**
 * The seed of a project's next run, one that no run of it has: with the same seed and settings a run is the same
 * again, to the last digit, and says nothing new.
 *
 * @param used the seeds of the project's runs
 * @param proposed kept if no run has it
 * @param random uniform in [0, 1)
 */
export function newRunSeed(used: readonly number[], proposed = FIRST_SEED, random = Math.random): number {
  if (used.length === 0) return FIRST_SEED;
  let seed = proposed;
  while (used.includes(seed)) seed = Math.floor(random() * FRESH_SEEDS);
  return seed;
}
