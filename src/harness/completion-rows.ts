import type { Completion } from '../model/completion.ts';

/** Thrown when an engine says that it is done and did not send what it was asked for. */
export class LostJudgmentsError extends Error {
  override name = 'LostJudgmentsError';
  constructor(lost: number) {
    super(`The engine lost ${lost} judgments. What arrived is stored; start again to draw the rest.`);
  }
}

/** Longest wait for rows that are still on their way when generation has ended. */
const TIMEOUT_SECONDS = 10;

/**
 * Completions of a batch, gathered by task: they come out of order, and the last ones perhaps after `generate` itself
 * resolved.
 */
export class CompletionRows {
  readonly #rows: Completion[][];
  #missing: number;
  #onComplete = () => {};

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
    if (this.#missing === 0) this.#onComplete();
    return own.length === this.samples ? own : null;
  }

  /**
   * Resolves when every row is there: a worker's rows and its "done" travel on two channels, whose order no browser
   * promises.
   *
   * @throws LostJudgmentsError when rows are still missing after ten seconds
   */
  async complete(): Promise<void> {
    if (this.#missing === 0) return;
    await new Promise<void>((resolve, reject) => {
      const lost = () => {
        reject(new LostJudgmentsError(this.#missing));
      };
      const patience = setTimeout(lost, TIMEOUT_SECONDS * 1000);
      this.#onComplete = () => {
        clearTimeout(patience);
        resolve();
      };
    });
  }
}
