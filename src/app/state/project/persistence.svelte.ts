import { ownName } from '../../../harness/own-name.ts';
import { toasts } from '../shell/toasts.svelte.ts';

/** Whether the browser may erase what is stored, as far as that can be known. */
type State = 'unknown' | 'asked' | 'kept' | 'may be erased';

const KEY = ownName('judge-playground.keep-answered');

/** What keeps the browser from erasing the work when its disk fills, or when nobody comes for a week. */
class Persistence {
  state = $state<State>('unknown');
  /** Safari deletes what a page stored after seven days without a visit, unless the page is installed. */
  readonly isSafari = isSafari() && !isInstalled();

  /** The reader has said what to do about it; the page does not bring it up again. */
  answered = $state(wasAnswered());

  answer(): void {
    this.answered = true;
    try {
      localStorage.setItem(KEY, 'yes');
    } catch {
      // Storage is refused in some private windows; it is then brought up once a visit.
    }
  }

  /** Whether there is anything to ask for. */
  get canAsk(): boolean {
    return this.state === 'unknown' && hasStorageManager();
  }

  async look(): Promise<void> {
    if (this.isSafari || !hasStorageManager()) this.state = 'may be erased';
    else if (this.state === 'unknown' && (await navigator.storage.persisted())) this.state = 'kept';
  }

  /** Asks the browser. Nobody waits for it: Firefox asks the reader, who may take as long as they like. */
  ask(): void {
    this.state = 'asked';
    navigator.storage.persist().then(
      (granted) => {
        this.state = granted ? 'kept' : 'may be erased';
        if (granted) toasts.say('The browser keeps your work until you erase it.');
      },
      () => (this.state = 'may be erased'),
    );
  }
}

function wasAnswered(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}

/** Over plain HTTP there is none. */
function hasStorageManager(): boolean {
  return 'storage' in navigator && 'persist' in navigator.storage;
}

/** No feature tells how long data are kept: the maker of the engine is all there is to go by. */
function isSafari(): boolean {
  return navigator.vendor.startsWith('Apple');
}

function isInstalled(): boolean {
  return matchMedia('(display-mode: standalone)').matches;
}

export const persistence = new Persistence();
