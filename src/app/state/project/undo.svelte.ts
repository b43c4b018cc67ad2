import { UndoStack, type UndoableAction } from '../../../store/undo.ts';
import { toasts } from '../shell/toasts.svelte.ts';

/** What was done by hand on this page and can be taken back with Ctrl+Z. */
class UndoHistory {
  readonly #stack = new UndoStack();
  /** What the next undo takes back, in words. */
  next = $state<string | null>(null);
  /** What happened last, for the live region. */
  announcement = $state('');

  async do(action: UndoableAction): Promise<void> {
    await this.#stack.do(action);
    this.#note(action.title);
  }

  /** The same, with a message that offers to take it back: for what is not seen to be undone otherwise. */
  async doAndSay(action: UndoableAction, said: string): Promise<void> {
    await this.do(action);
    const back = () => void this.undo(action).catch((error: unknown) => toasts.fail(error));
    toasts.say(said, { label: 'Undo', run: back });
  }

  /** Takes the last action back, or the one that is named. */
  async undo(named?: UndoableAction): Promise<void> {
    const action = await this.#stack.undo(named);
    if (action) this.#note(`Taken back: ${action.title}`);
  }

  async redo(): Promise<void> {
    const action = await this.#stack.redo();
    if (action) this.#note(`Done again: ${action.title}`);
  }

  /** Forgets what was about this: it is no longer on the page. */
  forget(about: string): void {
    this.#stack.forget(about);
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
