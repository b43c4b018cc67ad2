import { expect, it } from 'vitest';
import {
  BusyElsewhereError,
  runsHeld,
  TakenOverError,
  whileHolding,
  whileOwned,
} from '../../../src/store/lock.ts';

/** Holds a run as another tab does, until it is asked to let go, or for ever. */
async function otherTab(runId: string, listens: boolean) {
  let letGo = (): void => undefined;
  const asked = new Promise<void>((resolve) => (letGo = resolve));
  let owned: AbortSignal | undefined;
  const work = (signal: AbortSignal) => {
    owned = signal;
    const taken = new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason as Error)),
    );
    return Promise.race([asked, taken]);
  };
  const ended = whileHolding(runId, work);
  ended.catch(() => undefined);
  await expect.poll(runsHeld).toContain(runId);
  return { ended, ask: () => listens && letGo(), owned: () => owned! };
}

it('is held by one at a time, and says by whom', async () => {
  const { ask, ended } = await otherTab('a', true);
  expect(await runsHeld()).toEqual(new Set(['a']));
  await expect(whileHolding('a', async () => 1)).rejects.toThrow(BusyElsewhereError);
  ask();
  await ended;
  expect(await runsHeld()).toEqual(new Set());
  expect(await whileHolding('a', async () => 2)).toBe(2);
});

it('is handed over when it is asked for', async () => {
  const other = await otherTab('b', true);
  const started = performance.now();
  expect(await whileHolding('b', async () => 'mine', other.ask)).toBe('mine');
  expect(performance.now() - started).toBeLessThan(2500);
  await other.ended;
  expect(other.owned().aborted).toBe(false);
});

it('is taken by force from a tab that does not answer, whose stores then refuse', async () => {
  const other = await otherTab('c', false);
  const written: string[] = [];
  const store = whileOwned({ put: (text: string) => written.push(text) }, other.owned());
  store.put('before');
  expect(await whileHolding('c', async () => 'mine', other.ask)).toBe('mine');
  await expect(other.ended).rejects.toThrow(TakenOverError);
  expect(() => store.put('after')).toThrow(TakenOverError);
  expect(written).toEqual(['before']);
});
