import { UndoStack, type Deed } from '../../../store/undo.ts';

/** What was done by hand on this page and can be taken back with Ctrl+Z. */
class Handiwork {
  #stack = new UndoStack();
  /** What the next undo takes back, in words. */
  next = $state<string | null>(null);
  /** What happened last, for the live region. */
  announcement = $state('');

  async do(deed: Deed): Promise<void> {
    await this.#stack.do(deed);
    this.#note(deed.title);
  }

  async undo(): Promise<void> {
    const deed = await this.#stack.undo();
    if (deed) this.#note(`Taken back: ${deed.title}`);
  }

  async redo(): Promise<void> {
    const deed = await this.#stack.redo();
    if (deed) this.#note(`Done again: ${deed.title}`);
  }

  /** Forgets everything: what the deeds were about is no longer on the page. */
  clear(): void {
    this.#stack = new UndoStack();
    this.#note('');
  }

  #note(announcement: string): void {
    this.next = this.#stack.nextUndo;
    this.announcement = announcement;
  }
}

export const handiwork = new Handiwork();

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
