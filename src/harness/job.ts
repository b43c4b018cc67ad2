import { workNow } from './work-clock.ts';

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
  /**
   * Resolves at once, or after Resume when paused; `save` is called in between, to keep what would be lost with the
   * page. @throws AbortError when cancelled
   */
  ready(save?: () => Promise<void>): Promise<void>;
  /**
   * Runs work that may be interrupted by Pause as well as Cancel; an interrupted piece resolves as false and is
   * to be asked for again. @throws AbortError when cancelled
   */
  interruptible(work: (signal: AbortSignal) => Promise<unknown>): Promise<boolean>;
  report(progress: Progress): void;
}

/** How long work that was told to stop has to do so by itself, in milliseconds. */
const GRACE = 800;

/**
 * A long piece of work with progress, pause, resume and cancel. What it has finished lies in the store, so a
 * job that ends with the page is continued by starting the same work again.
 *
 * Pause and Cancel hold within a second whatever the work is doing: where it does not stop by itself, `end` takes away
 * what it works with.
 */
export class Job<T> {
  readonly result: Promise<T>;
  #state: JobState = 'running';
  #progress: Progress | null = null;
  #error: unknown = null;
  #cancelled = new AbortController();
  #piece: AbortController | null = null;
  #gate: { opened: Promise<void>; open: () => void } | null = null;
  /** Whether the work waits at the gate, or saves on its way there. */
  #resting = false;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #giveUp: (reason: unknown) => void = () => {};
  #listeners = new Set<(job: Job<T>) => void>();
  #worked = 0;
  #since: number | null = workNow();

  /** @param end makes the work reject where it is, such as by ending the engine that it waits for */
  constructor(
    work: (control: JobControl) => Promise<T>,
    private readonly end: () => void = () => {},
  ) {
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
  /** Seconds that it was not paused. */
  get workedSeconds(): number {
    return this.#worked + (this.#since === null ? 0 : (workNow() - this.#since) / 1000);
  }

  pause(): void {
    if (this.#state !== 'running') return;
    this.#gate = gate();
    this.#piece?.abort();
    this.#deadline = setTimeout(() => {
      if (!this.#resting) this.end();
    }, GRACE);
    this.#become('paused');
  }

  resume(): void {
    if (this.#state !== 'paused') return;
    this.#openGate();
    this.#become('running');
  }

  /** Ends the job as cancelled; as failed where there is an error that says who took it away. */
  cancel(error?: Error): void {
    if (this.#cancelled.signal.aborted || (this.#state !== 'running' && this.#state !== 'paused')) return;
    this.#cancelled.abort(error);
    this.#piece?.abort();
    this.#openGate();
    this.#deadline = setTimeout(() => {
      this.end();
      this.#giveUp(this.#cancelled.signal.reason);
    }, GRACE);
  }

  /** Calls `listener` after every change of state or progress. Returns how to stop it. */
  subscribe(listener: (job: Job<T>) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async #follow(work: (control: JobControl) => Promise<T>): Promise<T> {
    // Not before the constructor returned: listeners subscribe first.
    await Promise.resolve();
    const givenUp = new Promise<never>((_, reject) => (this.#giveUp = reject));
    try {
      const result = await Promise.race([work(this.#control()), givenUp]);
      this.#become('done');
      return result;
    } catch (error) {
      this.#become(this.#outcome(error));
      throw error;
    } finally {
      clearTimeout(this.#deadline);
    }
  }

  /** What the error of its work makes of the job: a cancelled one ends in many ways, such as with a broken engine. */
  #outcome(error: unknown): JobState {
    const { aborted } = this.#cancelled.signal;
    const reason = this.#cancelled.signal.reason as Error | undefined;
    const isAsked = aborted && reason?.name === 'AbortError';
    this.#error = isAsked ? null : aborted ? reason : error;
    return isAsked ? 'cancelled' : 'failed';
  }

  #control(): JobControl {
    return {
      ready: (save) => this.#ready(save),
      interruptible: (work) => this.#interruptible(work),
      report: (progress) => {
        this.#progress = progress;
        this.#notify();
      },
    };
  }

  async #ready(save?: () => Promise<void>): Promise<void> {
    this.#cancelled.signal.throwIfAborted();
    if (!this.#gate) return;
    this.#resting = true;
    try {
      await save?.();
      while (this.#gate) await this.#gate.opened;
    } finally {
      this.#resting = false;
    }
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
    clearTimeout(this.#deadline);
    this.#gate?.open();
    this.#gate = null;
  }

  #become(state: JobState): void {
    this.#worked = this.workedSeconds;
    this.#since = state === 'running' ? workNow() : null;
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
    report: () => {},
  };
}

function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}
