/**
 * A button that did its work often goes away, and the browser then gives the focus to nobody: the next Tab begins at the top
 * of the page. Here it goes to what stands in the button's place, for every place at once. Code that knows better moves the
 * focus itself, and is left alone.
 */

const TABBABLE = ':is(a[href], button, input, select, textarea, summary, [tabindex]):not(:disabled)';
/** What a search does not leave: beyond it nothing has to do with what is gone. */
const BOUNDS = 'main, dialog, body, #app';
/** How many places to go back to are remembered. */
const MOST_EARLIER = 10;

/** Where in the document something is missing: in `parent`, behind `after`. */
interface Gap {
  parent: Element;
  after: Node | null;
}

/** Keeps the focus in the document from now on. Returns how to stop. */
export function keepFocus(main: HTMLElement): () => void {
  let last: HTMLElement | null = null;
  let earlier: HTMLElement[] = [];
  let isMoved = false;

  function onfocusin(event: FocusEvent): void {
    last = event.target as HTMLElement;
    earlier = [...earlier.filter((one) => one !== last && one.isConnected), last].slice(-MOST_EARLIER);
  }

  // Whoever holds Enter down would go on to press what the focus came to.
  function onkeydown(event: KeyboardEvent): void {
    if (event.repeat && isMoved && event.key === 'Enter') event.preventDefault();
  }
  const onkeyup = (): void => void (isMoved = false);

  /** A page that gave way to another begins at its top; what closed over the page gives back what was before it. */
  function target(gap: Gap): HTMLElement {
    if (gap.parent === main) return main;
    return landing(gap) ?? earlier.findLast((one) => one.isConnected && canTakeFocus(one)) ?? main;
  }

  const observer = new MutationObserver((records) => {
    const gap = last && gapOf(last, records);
    if (!gap) return;
    isMoved = true;
    target(gap).focus({ preventScroll: true });
  });

  observer.observe(document.body, { subtree: true, childList: true, attributeFilter: ['disabled'] });
  document.addEventListener('focusin', onfocusin);
  document.addEventListener('keydown', onkeydown, true);
  document.addEventListener('keyup', onkeyup, true);
  return () => {
    observer.disconnect();
    document.removeEventListener('focusin', onfocusin);
    document.removeEventListener('keydown', onkeydown, true);
    document.removeEventListener('keyup', onkeyup, true);
  };
}

/** Where `last` stood, if it had the focus and can have it no longer. */
function gapOf(last: HTMLElement, records: readonly MutationRecord[]): Gap | null {
  const holder = document.activeElement;
  if (holder !== null && holder !== document.body && holder !== last) return null;
  if (last.isConnected)
    return last.matches(':disabled') ? { parent: last.parentElement!, after: last } : null;
  let gone: Node = last;
  let gap: { parent: Node; after: Node | null } | null = null;
  while (!gone.isConnected) {
    const record = records.find(({ removedNodes }) => [...removedNodes].some((node) => node.contains(gone)));
    if (!record) return null;
    gap = { parent: record.target, after: record.previousSibling };
    gone = record.target;
  }
  return gap?.parent instanceof Element ? { parent: gap.parent, after: gap.after } : null;
}

/** What can be reached behind the gap, else before it, in the nearest surroundings that have anything; null beyond them. */
function landing(gap: Gap): HTMLElement | null {
  let { parent, after }: { parent: Element | null; after: Node | null } = gap;
  for (; parent; [after, parent] = [parent, parent.parentElement]) {
    if (parent.matches('main')) return null;
    const inside = [...parent.querySelectorAll<HTMLElement>(TABBABLE)].filter(canTakeFocus);
    if (parent.matches(BOUNDS)) return parent.matches('dialog[open]') ? (inside[0] ?? null) : null;
    if (parent.matches(TABBABLE) && canTakeFocus(parent as HTMLElement)) return parent as HTMLElement;
    const found = inside.find((one) => isBehind(after, one)) ?? inside.at(-1);
    if (found) return found;
  }
  return null;
}

const isBehind = (after: Node | null, one: Node): boolean =>
  !after?.isConnected || (after.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) > 0;

function canTakeFocus(element: HTMLElement): boolean {
  const isInDialog = !document.querySelector('dialog:modal') || element.closest('dialog:modal') !== null;
  return element.tabIndex >= 0 && isInDialog && element.checkVisibility({ visibilityProperty: true });
}
