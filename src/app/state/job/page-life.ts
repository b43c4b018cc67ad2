import { skipTime } from '../../../harness/work-clock.ts';

/** What a job wants to know of the page's life. */
export interface PageLife {
  /** The browser stops the page, without asking, to save power. */
  onFreeze: () => void;
  /** It goes on, after a time in which nothing ran. */
  onThaw: () => void;
}

const BEAT_MS = 1000;
/** Timers of a page in the background come once a minute; what is longer was sleep. */
const SLEPT_MS = 120_000;

/** Watches whether the page runs at all. Time in which it did not is no time of work. */
export function watchPageLife({ onFreeze, onThaw }: PageLife): void {
  let beat = performance.now();
  let frozenAt: number | null = null;
  document.addEventListener('freeze', () => {
    frozenAt = performance.now();
    onFreeze();
  });
  document.addEventListener('resume', () => {
    beat = performance.now();
    if (frozenAt !== null) skipTime(beat - frozenAt);
    frozenAt = null;
    onThaw();
  });
  setInterval(() => {
    const before = beat;
    beat = performance.now();
    // The device slept: no event tells of it.
    if (frozenAt === null && beat - before > SLEPT_MS) skipTime(beat - before - BEAT_MS);
  }, BEAT_MS);
}
