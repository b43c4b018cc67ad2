/** Something that a person did by hand and can take back. */
export interface UndoableAction {
  /** What it was, in a few words ("drop pair"). */
  title: string;
  /** What it is about, where that can leave the page: `forget` drops what is about it. */
  about?: string;
  redo: () => Promise<void>;
  undo: () => Promise<void>;
}

/** What was done by hand, for Ctrl+Z and Ctrl+Shift+Z. A new action after an undo forgets what was undone. */
export class UndoStack {
  #done: UndoableAction[] = [];
  #undone: UndoableAction[] = [];

  constructor(private readonly limit = 200) {}

  /** Does it and remembers it. An action that fails is not remembered. */
  async do(action: UndoableAction): Promise<void> {
    await action.redo();
    this.#done = [...this.#done, action].slice(-this.limit);
    this.#undone = [];
  }

  /** What the next undo would take back; null when there is nothing. */
  get nextUndo(): string | null {
    return this.#done.at(-1)?.title ?? null;
  }
  get nextRedo(): string | null {
    return this.#undone.at(-1)?.title ?? null;
  }

  /**
   * Takes the last action back, or the one that is named, and returns it; null when it is not there (any more). A failed
   * undo leaves the stack as it was.
   */
  async undo(action = this.#done.at(-1)): Promise<UndoableAction | null> {
    if (!action || !this.#done.includes(action)) return null;
    await action.undo();
    this.#done = this.#done.filter((one) => one !== action);
    this.#undone = [...this.#undone, action];
    return action;
  }

  async redo(): Promise<UndoableAction | null> {
    const action = this.#undone.at(-1);
    if (!action) return null;
    await action.redo();
    this.#undone = this.#undone.slice(0, -1);
    this.#done = [...this.#done, action];
    return action;
  }

  /** Drops all actions about this: it is no longer on the page. */
  forget(about: string): void {
    this.#done = this.#done.filter((one) => one.about !== about);
    this.#undone = this.#undone.filter((one) => one.about !== about);
  }
}
