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

const PREFIX = 'run/';

/** Ids of the runs that some tab of this browser works on. */
export async function runsHeld(): Promise<Set<string>> {
  const { held = [] } = await navigator.locks.query();
  return new Set(held.flatMap(({ name }) => (name?.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : [])));
}

/**
 * Works on a run while no other tab does. The lock falls with the tab, so a crash never leaves it behind.
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
  let working: Promise<T> | undefined;
  const hold = (options: LockOptions): Promise<T> =>
    navigator.locks.request(`${PREFIX}${runId}`, options, (lock) => {
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
