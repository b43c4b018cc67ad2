/** Something that a person did by hand and can take back. */
export interface UndoableAction {
  /** What it was, in a few words ("drop pair"). */
  title: string;
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

  /** Takes the last action back and returns it; null when there is none. A failed undo leaves the stack as it was. */
  async undo(): Promise<UndoableAction | null> {
    const action = this.#done.at(-1);
    if (!action) return null;
    await action.undo();
    this.#done = this.#done.slice(0, -1);
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
}
