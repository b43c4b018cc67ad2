import { UndoStack, type UndoableAction } from '../../../store/undo.ts';

/** What was done by hand on this page and can be taken back with Ctrl+Z. */
class UndoHistory {
  #stack = new UndoStack();
  /** What the next undo takes back, in words. */
  next = $state<string | null>(null);
  /** What happened last, for the live region. */
  announcement = $state('');

  async do(action: UndoableAction): Promise<void> {
    await this.#stack.do(action);
    this.#note(action.title);
  }

  async undo(): Promise<void> {
    const action = await this.#stack.undo();
    if (action) this.#note(`Taken back: ${action.title}`);
  }

  async redo(): Promise<void> {
    const action = await this.#stack.redo();
    if (action) this.#note(`Done again: ${action.title}`);
  }

  /** Forgets everything: what the actions were about is no longer on the page. */
  clear(): void {
    this.#stack = new UndoStack();
    this.#note('');
  }

  #note(announcement: string): void {
    this.next = this.#stack.nextUndo;
    this.announcement = announcement;
  }
}

export const undoHistory = new UndoHistory();

/** Ctrl+Z and Ctrl+Shift+Z (⌘ on a Mac), outside of text fields, which have an undo of their own. */
export function undoKey(event: KeyboardEvent): 'undo' | 'redo' | null {
  const isZ = event.key.toLowerCase() === 'z' && (event.ctrlKey || event.metaKey);
  if (!isZ || isTyping(event.target)) return null;
  return event.shiftKey ? 'redo' : 'undo';
}

const TEXT_FIELDS = 'input:not([type=radio], [type=checkbox], [type=range]), textarea, select';

/** True where single letters belong to the person's text, not to the page. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches(TEXT_FIELDS));
}
