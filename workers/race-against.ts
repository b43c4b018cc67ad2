/**
 * Races promises against one that may never settle. `Promise.race` would hang a reaction on that one with every call,
 * and it would keep them all: an engine that lives for a day is called a hundred thousand times.
 * @returns what is promised, or the error that `broken` rejects with, whichever is first
 */
export function raceAgainst(broken: Promise<never>): <T>(promise: Promise<T>) => Promise<T> {
  const waiting = new Set<(error: unknown) => void>();
  let isBroken = false;
  broken.catch((error: unknown) => {
    isBroken = true;
    waiting.forEach((reject) => reject(error));
    waiting.clear();
  });
  return <T>(promise: Promise<T>): Promise<T> => {
    if (isBroken) return Promise.race([broken, promise]);
    return new Promise((resolve, reject) => {
      waiting.add(reject);
      void promise.then(resolve, reject).finally(() => waiting.delete(reject));
    });
  };
}
