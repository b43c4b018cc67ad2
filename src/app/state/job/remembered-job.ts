import type { FieldValues } from '../../../harness/fields.ts';
import type { Progress } from '../../../harness/job.ts';
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

/** A job as this browser keeps it while it is under way, beyond the life of its tab. */
export interface KeptJob {
  job: RememberedJob;
  /** Where it was seen last, in milliseconds since 1970. */
  at: number;
  progress: Progress | null;
  /** The reader has said "Not now". */
  later?: boolean;
}

const KEY = 'judge-playground.job';
const LEFT_KEY = 'judge-playground.left';
const keptKey = (runId: string) => `${KEY}/${runId}`;

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

/** Remembers the job for a reload of this tab, and for any later visit. */
export function rememberJob(job: RememberedJob, progress: Progress | null): void {
  write(sessionStorageOrNull(), KEY, job);
  write(localStorageOrNull(), keptKey(job.runId), { job, at: Date.now(), progress } satisfies KeptJob);
}

/** The job has ended; one that failed is tried again after a reload, which is what most failures need. */
export function forgetJob(runId: string, { afterReload = false } = {}): void {
  if (!afterReload) remove(sessionStorageOrNull(), KEY);
  remove(localStorageOrNull(), keptKey(runId));
}

/** The job goes on in another tab: it is no more this one's to remember. */
export function handOver(): void {
  remove(sessionStorageOrNull(), KEY);
}

/** Every job that some tab of this browser has under way, or had when it was closed. */
export function keptJobs(): KeptJob[] {
  const storage = localStorageOrNull();
  if (!storage) return [];
  const keys = Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? '');
  return keys
    .filter((key) => key.startsWith(keptKey('')))
    .flatMap((key) => read(storage, key, isKept) ?? [])
    .sort((a, b) => b.at - a.at);
}

/** The reader does not want to be asked again. */
export function keepForLater(kept: KeptJob): void {
  write(localStorageOrNull(), keptKey(kept.job.runId), { ...kept, later: true });
}

// Storage is refused in some private windows; a run can then be continued by hand.
function sessionStorageOrNull(): Storage | null {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}

function localStorageOrNull(): Storage | null {
  try {
    return localStorage;
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

function isKept(value: unknown): value is KeptJob {
  const kept = value as Partial<KeptJob> | null;
  return typeof kept?.at === 'number' && isJob(kept.job);
}

function isJob(value: unknown): value is RememberedJob {
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
