/**
 * Writes that run beside generation. The first that fails stops it and is thrown; none outlives the piece of work
 * it belongs to, so that what was finished before an interruption is kept.
 */
export class PendingWrites {
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
