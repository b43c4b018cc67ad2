/** Something that a person did by hand, and how to take it back. */
export interface Deed {
  /** In the past tense, to be read aloud: "Dropped the pair of item 12". */
  label: string;
  undo(): Promise<void> | void;
}

/** More than anyone steps back through; the oldest deeds are forgotten first. */
const LIMIT = 200;

/** What can be taken back with Ctrl+Z on this page. It lives as long as the page, not longer. */
export class UndoHistory {
  #deeds = $state.raw<Deed[]>([]);
  /** What happened last, for the live region. */
  announcement = $state('');

  readonly last = $derived(this.#deeds.at(-1) ?? null);

  add(deed: Deed): void {
    this.#deeds = [...this.#deeds, deed].slice(-LIMIT);
    this.announcement = deed.label;
  }

  async undo(): Promise<void> {
    const deed = this.last;
    if (!deed) return;
    this.#deeds = this.#deeds.slice(0, -1);
    await deed.undo();
    this.announcement = `Taken back: ${deed.label}`;
  }

  clear(): void {
    this.#deeds = [];
  }
}

/** True for Ctrl+Z (⌘Z on a Mac) outside of text fields, which have an undo of their own. */
export function isUndoKey(event: KeyboardEvent): boolean {
  return (
    event.key.toLowerCase() === 'z' &&
    (event.ctrlKey || event.metaKey) &&
    !event.shiftKey &&
    !isTyping(event.target)
  );
}

/** True where single letters belong to the person's text, not to the page. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

export const undoHistory = new UndoHistory();
