import type { Attachment } from 'svelte/attachments';
import { keyboard } from '../state/shell/keyboard.svelte.ts';
import { isTyping } from '../state/project/undo.svelte.ts';

/** Single letters that act while the focus is inside this element, unless the reader switched them off. */
export function letterKeys(actions: Readonly<Record<string, () => void>>): Attachment<HTMLElement> {
  return (element) => {
    function onkeydown(event: KeyboardEvent): void {
      const action = Object.hasOwn(actions, event.key) ? actions[event.key] : undefined;
      const isModified = event.ctrlKey || event.metaKey || event.altKey;
      if (!action || isModified || !keyboard.letters || isTyping(event.target)) return;
      event.preventDefault();
      action();
    }
    element.addEventListener('keydown', onkeydown);
    return () => element.removeEventListener('keydown', onkeydown);
  };
}
