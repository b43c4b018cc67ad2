import type { Completion } from '../model/completion.ts';

/** Thrown when an engine says that it is done and did not send what it was asked for. */
export class LostJudgmentsError extends Error {
  override name = 'LostJudgmentsError';
  constructor(lost: number) {
    super(`The engine lost ${lost} judgments. What arrived is stored; start again to draw the rest.`);
  }
}

/** Longest wait for rows that are still on their way when generation has ended. */
const ARRIVAL_SECONDS = 10;

/** Completions as they arrive: out of order, and the last ones perhaps after `generate` itself resolved. */
export class Rows {
  readonly #rows: Completion[][];
  #missing: number;
  #allArrived = () => {};

  constructor(
    tasks: number,
    private readonly samples: number,
  ) {
    this.#rows = Array.from({ length: tasks }, () => []);
    this.#missing = tasks * samples;
  }

  /** All completions of the task, once this was the last. */
  add(completion: Completion): Completion[] | null {
    const own = this.#rows[completion.task]!;
    own.push(completion);
    this.#missing -= 1;
    if (this.#missing === 0) this.#allArrived();
    return own.length === this.samples ? own : null;
  }

  /** A worker's rows and its "done" travel on two channels, whose order no browser promises. */
  async arrived(): Promise<void> {
    if (this.#missing === 0) return;
    await new Promise<void>((resolve, reject) => {
      const lost = () => {
        reject(new LostJudgmentsError(this.#missing));
      };
      const patience = setTimeout(lost, ARRIVAL_SECONDS * 1000);
      this.#allArrived = () => {
        clearTimeout(patience);
        resolve();
      };
    });
  }
}

/**
 * Writes that run beside generation. The first that fails stops it and is thrown; none outlives the piece of work
 * it belongs to, so that what was finished before an interruption is kept.
 */
export class Writes {
  #pending: Promise<void>[] = [];
  #failed = new AbortController();

  add(write: Promise<void>): void {
    this.#pending.push(
      write.catch((error: unknown) => {
        this.#failed.abort(error);
      }),
    );
  }

  stopping(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#failed.signal]);
  }

  async settled(): Promise<void> {
    await Promise.all(this.#pending);
    this.#failed.signal.throwIfAborted();
  }
}
