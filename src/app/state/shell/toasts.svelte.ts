export interface Toast {
  id: number;
  text: string;
  /** Bad news stays until it is closed. */
  error: boolean;
  action?: { label: string; run: () => void };
}

const SECONDS_SHOWN = 7;

/** Short messages at the foot of the page, read aloud politely; errors at once. */
class Toasts {
  shown = $state<Toast[]>([]);
  #next = 0;

  /** `toasts.say('Pair dropped', { label: 'Undo', run: () => … })` */
  say(text: string, action?: Toast['action']): void {
    const toast = this.#add(text, false, action);
    setTimeout(() => this.close(toast), SECONDS_SHOWN * 1000);
  }

  /** What happened and what to do, from an error or in words. */
  fail(error: unknown, action?: Toast['action']): void {
    this.#add(error instanceof Error ? error.message : String(error), true, action);
  }

  close(id: number): void {
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }

  #add(text: string, error: boolean, action?: Toast['action']): number {
    const id = this.#next++;
    const same = this.shown.find((toast) => toast.text === text);
    if (same) this.close(same.id);
    this.shown.push({ id, text, error, ...(action && { action }) });
    return id;
  }
}

export const toasts = new Toasts();

/** Text for screen readers alone, such as "Round 1 is done": one for each judgment, stage and run that is finished. */
class Announcer {
  text = $state('');
  /** How many were said: the same words again are a new announcement. */
  count = $state(0);
  #said = 0;
  #waiting: string[] = [];

  /** What is said at once is spoken as one. Also from within an effect, which must not come to depend on what it says. */
  say(text: string): void {
    this.#waiting.push(text);
    if (this.#waiting.length === 1) queueMicrotask(() => this.#speak());
  }

  #speak(): void {
    this.text = this.#waiting.join(' ');
    this.count = ++this.#said;
    this.#waiting = [];
  }
}

export const announcer = new Announcer();
