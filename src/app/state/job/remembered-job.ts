import type { FieldValues } from '../../../harness/fields.ts';
import type { NamedPolicy } from '../../../harness/lab-run.ts';
import type { RecordedLoss } from '../../../harness/recovery.ts';
import { isStage, type Stage } from '../../../rationalize/records.ts';
import type { RunSettings } from '../../../rationalize/settings.ts';
import type { JudgeModel } from '../models/judge-model.ts';

/** The judge that a job asks. A model from the reader's files is remembered by name only: a page cannot keep files. */
export interface RememberedJudge {
  kind: JudgeModel['kind'];
  name: string;
  /** Id of the adapter on it. */
  adapter: string | null;
}

interface Remembered {
  projectId: string;
  /** Id of the run, or of the lab's run. */
  runId: string;
  paused?: boolean;
  judge?: RememberedJudge;
  /** How the engine was lost since a person pressed the button. */
  losses?: readonly RecordedLoss[];
}

/**
 * All that begins a job anew or goes on with it: a run that waits for its judge has no record yet.
 * `until`: stop after this stage; left out: to the end.
 */
export type RememberedJob =
  | (Remembered & { kind: 'run'; settings: RunSettings; until?: { round: number; stage: Stage } })
  | (Remembered & { kind: 'lab'; lab: string; settings: FieldValues; others: readonly NamedPolicy[] });

const KEY = 'judge-playground.job';
const LEFT_KEY = 'judge-playground.left';

/** A reload takes up the page again within this time; a tab that the browser restores later was interrupted. */
const RELOAD_MS = 60_000;

/**
 * The job that was under way in this tab before a reload; null when there was none. A tab that crashed or was closed, and
 * is restored by the browser, has its session, too; but only a page that is left tells so.
 */
export function jobBeforeReload(): RememberedJob | null {
  const job = read(sessionStorageOrNull(), KEY, isJob);
  const left = read(sessionStorageOrNull(), LEFT_KEY, (value) => typeof value === 'number');
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

function read<T>(storage: Storage | null, key: string, is: (value: unknown) => value is T): T | null {
  try {
    const value: unknown = JSON.parse(storage?.getItem(key) ?? 'null');
    return is(value) ? value : null;
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

/** Whether this is a job as this version of the page remembers it. */
export function isJob(value: unknown): value is RememberedJob {
  const job = value as
    | (Partial<Remembered> & {
        kind?: unknown;
        lab?: unknown;
        settings?: unknown;
        until?: { stage?: string };
      })
    | null;
  if (typeof job?.runId !== 'string' || typeof job.projectId !== 'string') return false;
  if (typeof job.settings !== 'object' || job.settings === null) return false;
  if (job.kind === 'lab') return typeof job.lab === 'string';
  return job.kind === 'run' && (job.until === undefined || isStage(job.until.stage));
}
