import { ownName } from '../../../harness/own-name.ts';
import { jobOf, type RememberedJob } from './job-record.ts';

const KEY = ownName('judge-playground.job');
const LEFT_KEY = ownName('judge-playground.left');

/** A reload takes up the page again within this time; a tab that the browser restores later was interrupted. */
const RELOAD_MS = 60_000;

/**
 * The job that was under way in this tab before a reload; null when there was none. A tab that crashed or was closed, and
 * is restored by the browser, has its session, too; but only a page that is left tells so.
 */
export function jobBeforeReload(): RememberedJob | null {
  const job = read(sessionStorageOrNull(), KEY, jobOf);
  const left = read(sessionStorageOrNull(), LEFT_KEY, (value) => (typeof value === 'number' ? value : null));
  remove(sessionStorageOrNull(), LEFT_KEY);
  if (job && wasReloaded(left)) return job;
  remove(sessionStorageOrNull(), KEY);
  return null;
}

function wasReloaded(left: number | null): boolean {
  // Taken from memory by the browser, which saves power so, and brought back when the reader looks at the tab.
  if ((document as { wasDiscarded?: boolean }).wasDiscarded) return true;
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return navigation?.type === 'reload' && left !== null && Math.abs(Date.now() - left) < RELOAD_MS;
}

/** Tells a reload from a crash: to be called when the page is left. */
export function noteLeaving(): void {
  write(sessionStorageOrNull(), LEFT_KEY, Date.now());
}

/** Remembers the job for a reload of this tab. */
export function rememberJob(job: RememberedJob): void {
  write(sessionStorageOrNull(), KEY, job);
}

/** The job has ended, or goes on in another tab. */
export function forgetJob(): void {
  remove(sessionStorageOrNull(), KEY);
}

// Storage is refused in some private windows; a run can then be continued by hand.
function sessionStorageOrNull(): Storage | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}

function read<T>(storage: Storage | null, key: string, readValue: (value: unknown) => T | null): T | null {
  try {
    return readValue(JSON.parse(storage?.getItem(key) ?? 'null'));
  } catch {
    return null;
  }
}

function write(storage: Storage | null, key: string, value: unknown): void {
  try {
    storage?.setItem(key, JSON.stringify(value));
  } catch {
    // Full: as where storage is refused.
  }
}

function remove(storage: Storage | null, key: string): void {
  storage?.removeItem(key);
}
