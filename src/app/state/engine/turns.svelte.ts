import { unlessAborted } from './shared-work.ts';

export interface TurnOptions {
  /** Leaves the line. */
  signal?: AbortSignal | undefined;
  /**
   * Of work that nobody waits for in front (measuring the device, reading the data): it is aborted as soon as somebody
   * else wants the engine.
   */
  background?: AbortController | undefined;
}

interface Turn {
  background: AbortController | undefined;
  begin: () => void;
}

/** How long work in the background may take to leave. */
const LEAVING_MS = 1000;

/** Who may use the engine: one at a time, in the order of asking, work in the background last. */
export class Turns {
  /** Who has it, in words. */
  holder = $state<string | null>(null);
  readonly #waiting: Turn[] = [];
  #current: Turn | null = null;
  readonly #onOverdue: () => void;

  /** @param onOverdue work in the background that was asked to leave has not left */
  constructor(onOverdue: () => void) {
    this.#onOverdue = onOverdue;
  }

  /**
   * Waits for a turn, which lasts until the returned function is called.
   * @throws the signal's reason when it is aborted before
   */
  async take(holder: string, { signal, background }: TurnOptions = {}): Promise<() => void> {
    signal?.throwIfAborted();
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const turn = { background, begin };
    this.#enqueue(turn);
    this.#next();
    try {
      await unlessAborted(begun, signal);
    } catch (error) {
      this.#leave(turn);
      throw error;
    }
    this.holder = holder;
    return () => this.#leave(turn);
  }

  #enqueue(turn: Turn): void {
    const behind = turn.background ? -1 : this.#waiting.findIndex(({ background }) => background);
    this.#waiting.splice(behind < 0 ? this.#waiting.length : behind, 0, turn);
    if (!turn.background) this.#hurry();
  }

  /** Asks work in the background to leave, and has the engine ended when it does not. */
  #hurry(): void {
    const current = this.#current;
    if (!current?.background || current.background.signal.aborted) return;
    current.background.abort(new DOMException('The engine is needed in front.', 'AbortError'));
    setTimeout(() => {
      if (this.#current === current) this.#onOverdue();
    }, LEAVING_MS);
  }

  #next(): void {
    if (this.#current) return;
    this.#current = this.#waiting.shift() ?? null;
    this.#current?.begin();
  }

  #leave(turn: Turn): void {
    const place = this.#waiting.indexOf(turn);
    if (place >= 0) this.#waiting.splice(place, 1);
    if (this.#current !== turn) return;
    this.#current = null;
    this.holder = null;
    this.#next();
  }
}
