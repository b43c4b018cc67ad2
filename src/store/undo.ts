/** Something that a person did by hand and can take back. */
export interface Deed {
  /** What it was, in a few words ("drop pair"). */
  title: string;
  redo: () => Promise<void>;
  undo: () => Promise<void>;
}

/** What was done by hand, for Ctrl+Z and Ctrl+Shift+Z. A new deed after an undo forgets what was undone. */
export class UndoStack {
  #done: Deed[] = [];
  #undone: Deed[] = [];

  constructor(private readonly limit = 200) {}

  /** Does it and remembers it. A deed that fails is not remembered. */
  async do(deed: Deed): Promise<void> {
    await deed.redo();
    this.#done = [...this.#done, deed].slice(-this.limit);
    this.#undone = [];
  }

  /** What the next undo would take back; null when there is nothing. */
  get nextUndo(): string | null {
    return this.#done.at(-1)?.title ?? null;
  }
  get nextRedo(): string | null {
    return this.#undone.at(-1)?.title ?? null;
  }

  /** Takes the last deed back and returns it; null when there is none. A failed undo leaves the stack as it was. */
  async undo(): Promise<Deed | null> {
    const deed = this.#done.at(-1);
    if (!deed) return null;
    await deed.undo();
    this.#done = this.#done.slice(0, -1);
    this.#undone = [...this.#undone, deed];
    return deed;
  }

  async redo(): Promise<Deed | null> {
    const deed = this.#undone.at(-1);
    if (!deed) return null;
    await deed.redo();
    this.#undone = this.#undone.slice(0, -1);
    this.#done = [...this.#done, deed];
    return deed;
  }
}
