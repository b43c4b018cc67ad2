/** Something that is being fetched or prepared. `total` 0: not known. */
export interface LoadingProgress {
  label: string;
  done: number;
  total: number;
  /** Bytes a second, and how long it still takes; null in the first second, and where they cannot be told. */
  bytesPerSecond: number | null;
  secondsLeft: number | null;
}

/** What is said of short loading would be gone before it is read. */
const SHORT_MS = 1000;

/** Adds speed and time left to what is reported of loading. */
export class LoadingPace {
  #label = '';
  #began = 0;
  #first = 0;

  /** @param now in milliseconds */
  follow(label: string, done: number, total: number, now = performance.now()): LoadingProgress {
    if (label !== this.#label) {
      this.#label = label;
      this.#began = now;
      this.#first = done;
    }
    const elapsed = now - this.#began;
    const speed = elapsed < SHORT_MS ? 0 : ((done - this.#first) * 1000) / elapsed;
    const known = speed > 0 && total > 0;
    return {
      label,
      done,
      total,
      bytesPerSecond: speed > 0 ? speed : null,
      secondsLeft: known ? Math.max(0, total - done) / speed : null,
    };
  }
}
