import { nextTurn } from '../src/judge/event-loop.ts';

const SLICE_MS = 40;

/**
 * A worker that awaits only finished promises never reads its messages. `pause` lets them in every 40 ms, and then runs
 * `check`, which may throw to stop.
 */
export function createPause(check: () => void): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < SLICE_MS) return;
    await nextTurn();
    last = performance.now();
    check();
  };
}
