/** Thrown when another tab is working on the same run. */
export class BusyElsewhereError extends Error {
  override name = 'BusyElsewhereError';
  constructor() {
    super('This run is going on in another tab. Follow it there, or pause it there and go on here.');
  }
}

/** Works on a run while no other tab does. The lock falls with the tab, so a crash never leaves it behind. */
export function whileHolding<T>(runId: string, work: () => Promise<T>): Promise<T> {
  return navigator.locks.request(`run/${runId}`, { ifAvailable: true }, (lock) => {
    if (!lock) throw new BusyElsewhereError();
    return work();
  });
}
