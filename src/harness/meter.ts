import type { Place, Progress } from './job.ts';
import { workNow } from './work-clock.ts';

/** Seconds and tokens spent on a piece of work, over all sessions. */
export interface Spent {
  seconds: number;
  tokens: number;
}

/**
 * Speed of a stage over this session: time counts only while work runs, not while paused; units that were done
 * in an earlier session count as progress but not as speed.
 */
export class Meter {
  seconds = 0;
  tokens = 0;
  #units = 0;
  #started: number | null = null;

  constructor(
    private readonly place: Place,
    private readonly total: number,
    private readonly before: number,
  ) {}

  start(): void {
    this.#started = workNow();
  }

  stop(): void {
    this.seconds = this.#elapsed();
    this.#started = null;
  }

  add(units: number, tokens: number): void {
    this.#units += units;
    this.tokens += tokens;
  }

  progress(): Progress {
    const seconds = this.#elapsed();
    const done = this.before + this.#units;
    return {
      ...this.place,
      done,
      total: this.total,
      tokensPerSecond: seconds > 0 && this.tokens > 0 ? this.tokens / seconds : null,
      secondsLeft: this.#units > 0 ? ((this.total - done) * seconds) / this.#units : null,
    };
  }

  #elapsed(): number {
    const running = this.#started === null ? 0 : (workNow() - this.#started) / 1000;
    return this.seconds + running;
  }
}
