/** Which part of a method is at work: a name of its own, and the round where the method has rounds. */
export interface Place {
  stage: string;
  round?: number;
}

/** How far a long job is. */
export interface Progress extends Place {
  /** Items or steps. */
  done: number;
  total: number;
  tokensPerSecond: number | null;
  secondsLeft: number | null;
}

export type JobState = 'running' | 'paused' | 'done' | 'cancelled' | 'failed';

/** What the work inside a job sees of the person outside. */
export interface JobControl {
  /** Resolves at once, or after Resume when paused. @throws AbortError when cancelled */
  ready(): Promise<void>;
  /**
   * Runs work that may be interrupted by Pause as well as Cancel; an interrupted piece resolves as false and is
   * to be asked for again. @throws AbortError when cancelled
   */
  interruptible(work: (signal: AbortSignal) => Promise<unknown>): Promise<boolean>;
  /** True from Pause to Resume: the moment to save what would be lost with the page. */
  readonly pausing: boolean;
  report(progress: Progress): void;
}

/**
 * A long piece of work with progress, pause, resume and cancel. What it has finished lies in the store, so a
 * job that ends with the page is continued by starting the same work again.
 */
export class Job<T> {
  readonly result: Promise<T>;
  #state: JobState = 'running';
  #progress: Progress | null = null;
  #error: unknown = null;
  #cancelled = new AbortController();
  #piece: AbortController | null = null;
  #gate: { opened: Promise<void>; open: () => void } | null = null;
  #listeners = new Set<(job: Job<T>) => void>();

  constructor(work: (control: JobControl) => Promise<T>) {
    this.result = this.#follow(work);
    // Whoever awaits `result` still sees the error; nobody has to.
    this.result.catch(() => {});
  }

  get state(): JobState {
    return this.#state;
  }
  get progress(): Progress | null {
    return this.#progress;
  }
  /** Why the job failed; null otherwise. */
  get error(): unknown {
    return this.#error;
  }

  pause(): void {
    if (this.#state !== 'running') return;
    this.#gate = gate();
    this.#piece?.abort();
    this.#become('paused');
  }

  resume(): void {
    if (this.#state !== 'paused') return;
    this.#openGate();
    this.#become('running');
  }

  cancel(): void {
    if (this.#state !== 'running' && this.#state !== 'paused') return;
    this.#cancelled.abort();
    this.#piece?.abort();
    this.#openGate();
  }

  /** Calls `listener` after every change of state or progress. Returns how to stop it. */
  subscribe(listener: (job: Job<T>) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async #follow(work: (control: JobControl) => Promise<T>): Promise<T> {
    // Not before the constructor returned: listeners subscribe first.
    await Promise.resolve();
    try {
      const result = await work(this.#control());
      this.#become('done');
      return result;
    } catch (error) {
      this.#error = this.#cancelled.signal.aborted ? null : error;
      this.#become(this.#cancelled.signal.aborted ? 'cancelled' : 'failed');
      throw error;
    }
  }

  #control(): JobControl {
    const paused = () => this.#gate !== null;
    return {
      ready: () => this.#ready(),
      interruptible: (work) => this.#interruptible(work),
      get pausing() {
        return paused();
      },
      report: (progress) => {
        this.#progress = progress;
        this.#notify();
      },
    };
  }

  async #ready(): Promise<void> {
    while (this.#gate) await this.#gate.opened;
    this.#cancelled.signal.throwIfAborted();
  }

  async #interruptible(work: (signal: AbortSignal) => Promise<unknown>): Promise<boolean> {
    await this.#ready();
    const piece = new AbortController();
    this.#piece = piece;
    try {
      await work(piece.signal);
      return true;
    } catch (error) {
      if (!piece.signal.aborted) throw error;
      this.#cancelled.signal.throwIfAborted();
      return false;
    } finally {
      this.#piece = null;
    }
  }

  #openGate(): void {
    this.#gate?.open();
    this.#gate = null;
  }

  #become(state: JobState): void {
    this.#state = state;
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener(this);
  }
}

/** The control of work that nobody pauses; `signal` cancels it. */
export function uninterrupted(signal?: AbortSignal): JobControl {
  const piece = signal ?? new AbortController().signal;
  return {
    ready: async () => piece.throwIfAborted(),
    interruptible: async (work) => {
      piece.throwIfAborted();
      await work(piece);
      return true;
    },
    pausing: false,
    report: () => {},
  };
}

function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}
