import { flushSync } from 'svelte';

/** Whether the page is being printed: what is folded or not drawn yet has to be there then, at once. */
class OnPaper {
  now = $state(false);

  constructor() {
    addEventListener('beforeprint', () => flushSync(() => (this.now = true)));
    addEventListener('afterprint', () => (this.now = false));
  }
}

export const onPaper = new OnPaper();
