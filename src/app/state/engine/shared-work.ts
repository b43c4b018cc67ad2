/**
 * One piece of work that several wait for. Who leaves does not disturb the others; when the last one has left, the work
 * itself is ended.
 */
export class SharedWork<T> {
  /** What comes of it, or the reason it was ended with. */
  readonly result: Promise<T>;
  readonly #ending = new AbortController();
  #waiting = 0;
  #settled = false;

  /** @param work is to stop when the signal says so; nobody waits for it then */
  constructor(work: (signal: AbortSignal) => Promise<T>) {
    const { signal } = this.#ending;
    this.result = unlessAborted(work(signal), signal).finally(() => (this.#settled = true));
    this.result.catch(() => undefined);
  }

  /** Whether it was ended before it was done. */
  get ended(): boolean {
    return this.#ending.signal.aborted;
  }

  /** Waits for the work. An aborted signal leaves at once. */
  async join(signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    this.#waiting++;
    try {
      return await unlessAborted(this.result, signal);
    } finally {
      this.#waiting--;
      if (this.#waiting === 0) this.end(new DOMException('Nobody waits for it.', 'AbortError'));
    }
  }

  /** Ends the work unless it is done; whoever waits gets the reason. */
  end(reason: Error): void {
    if (!this.#settled) this.#ending.abort(reason);
  }
}

/** The promise's outcome, or the signal's reason as soon as it is aborted. */
export async function unlessAborted<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return promise;
  promise.catch(() => undefined);
  signal.throwIfAborted();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
