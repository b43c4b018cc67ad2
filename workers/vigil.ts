import type { LifeSign, Patience } from './life-signs.ts';

/**
 * Listens for one worker's signs of life. Inside of an announced stretch beats do not count: a GPU that never answers
 * leaves the event loop free. Only time that the page itself lived through is counted (`wait`).
 */
export class Vigil {
  readonly #patience: Patience;
  /** null: no stretch, beats are awaited. */
  #expected: number | null;
  #waited = 0;

  constructor(patience: Patience) {
    this.#patience = patience;
    this.#expected = patience.startMs;
  }

  hear(sign: LifeSign): void {
    if (sign.kind === 'beat' && this.#expected !== null) return;
    if (sign.kind === 'stretch') this.#expected = sign.expectedMs;
    if (sign.kind === 'rest') this.#expected = null;
    this.#waited = 0;
  }

  wait(ms: number): void {
    this.#waited += ms;
  }

  /** Since the last sign, in milliseconds. */
  get waited(): number {
    return this.#waited;
  }

  get late(): boolean {
    return this.#waited > (this.#expected ?? 0) + this.#patience.lateMs;
  }

  get silent(): boolean {
    const { times, leastMs } = this.#patience;
    return this.#waited > Math.max(leastMs, times * (this.#expected ?? 0));
  }
}
