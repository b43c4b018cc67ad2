/** How far one stage of an import is, and how long it still takes at the pace so far. */
export class ImportProgress {
  done = $state(0);
  /** 0 while it is not known. */
  total = $state(0);
  secondsLeft = $state<number | null>(null);
  readonly #started = performance.now();

  constructor(
    readonly label: string,
    readonly unit: string,
  ) {}

  /** Everything is written and the browser is committing it: there is nothing left to cancel. */
  get isAtEnd(): boolean {
    return this.total > 0 && this.done >= this.total;
  }

  report(done: number, total: number): void {
    this.done = done;
    this.total = total;
    const seconds = (performance.now() - this.#started) / 1000;
    // The first moments say little about the pace.
    this.secondsLeft = seconds > 0.5 && done > 0 ? (seconds * (total - done)) / done : null;
  }
}
