import { flushSync } from 'svelte';

/** A picture's widest on a sheet of A4 or letter, in CSS pixels. */
export const PAPER_WIDTH = 620;

/** Whether the page is being printed: what is folded or not drawn yet has to be there then, at once. */
class OnPaper {
  now = $state(false);

  constructor() {
    addEventListener('beforeprint', () => flushSync(() => (this.now = true)));
    addEventListener('afterprint', () => (this.now = false));
  }
}

export const onPaper = new OnPaper();
