import { ownName } from '../harness/own-name.ts';

/** Thrown when another tab is working on the same run. */
export class BusyElsewhereError extends Error {
  override name = 'BusyElsewhereError';
  constructor() {
    super('This run is going on in another tab. Follow it there, or take it over here.');
  }
}

/** Thrown in the tab that had a run, when another one took it over. */
export class TakenOverError extends Error {
  override name = 'TakenOverError';
  constructor() {
    super('Taken over by another tab. What was finished here is stored, and it goes on there.');
  }
}

/** How long the tab that has a run may take to let it go, in milliseconds. */
const PATIENCE = 3000;

/** Of the lock that whoever works on a run holds. */
const lockName = (runId: string): string => ownName(`run/${runId}`);

/** Over plain HTTP a page has no locks: who works there in two tabs has to keep them apart. */
const hasLocks = (): boolean => 'locks' in navigator;

/** Ids of the runs that some tab of this browser works on; null where there are no locks to tell. */
export async function runsHeld(): Promise<Set<string> | null> {
  if (!hasLocks()) return null;
  const { held = [] } = await navigator.locks.query();
  const names = held.map(({ name = '' }) => name);
  // Another copy of the page may hold locks of its own runs.
  const ids = names.map((name) => name.split('/')[1] ?? '');
  return new Set(ids.filter((id, at) => names[at] === lockName(id)));
}

/**
 * Works on a run while no other tab does. The lock falls with the tab, so a crash never leaves it behind. Where there are
 * no locks nothing keeps two tabs apart but what they tell each other.
 * @param work its signal is aborted when another tab takes the run over: from then on it must write nothing
 * @param askForIt takes the run over: asks whoever has it to let go, and takes it by force from a tab that does not answer
 * @throws BusyElsewhereError, TakenOverError
 */
export async function whileHolding<T>(
  runId: string,
  work: (owned: AbortSignal) => Promise<T>,
  askForIt?: () => void,
): Promise<T> {
  const owned = new AbortController();
  if (!hasLocks()) {
    if (askForIt) await politely(askForIt);
    return work(owned.signal);
  }
  let working: Promise<T> | undefined;
  const hold = (options: LockOptions): Promise<T> =>
    navigator.locks.request(lockName(runId), options, (lock) => {
      if (!lock) throw new BusyElsewhereError();
      working = work(owned.signal);
      return working.finally(() => (working = undefined));
    });
  try {
    return await (askForIt ? patiently(hold, askForIt) : hold({ ifAvailable: true }));
  } catch (error) {
    // The lock is lost while the work still runs: it was taken by force.
    if (!working) throw error;
    owned.abort(new TakenOverError());
    return working;
  }
}

/** Nothing tells when the other tab has let go: it has the time that it may take. */
function politely(askForIt: () => void): Promise<void> {
  askForIt();
  return new Promise((resolve) => setTimeout(resolve, PATIENCE));
}

async function patiently<T>(hold: (options: LockOptions) => Promise<T>, askForIt: () => void): Promise<T> {
  const waiting = AbortSignal.timeout(PATIENCE);
  askForIt();
  try {
    return await hold({ signal: waiting });
  } catch (error) {
    if (error !== waiting.reason) throw error;
    return hold({ steal: true });
  }
}

/** A store that refuses everything once its run belongs to another tab. */
export function whileOwned<Store extends object>(store: Store, owned: AbortSignal): Store {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]): unknown => {
        owned.throwIfAborted();
        return (value as (...all: unknown[]) => unknown).apply(target, given);
      };
    },
  });
}
