import type { Stage } from '../../../rationalize/records.ts';

/** What a reloaded page must know to go on with a job: which run, how far, and whether it was paused. */
export interface RememberedJob {
  projectId: string;
  runId: string;
  /** Stop after this stage; left out: to the end. */
  until?: { round: number; stage: Stage };
  paused?: boolean;
}

const KEY = 'judge-playground.job';

/** The job that was under way in this tab before the reload; null when there was none. */
export function rememberedJob(): RememberedJob | null {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    return isJob(value) ? value : null;
  } catch {
    return null;
  }
}

export function rememberJob({ projectId, runId, until, paused = false }: RememberedJob): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ projectId, runId, until, paused }));
  } catch {
    // Storage is refused in some private windows; the run can then be continued by hand.
  }
}

export function forgetJob(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // As above.
  }
}

function isJob(value: unknown): value is RememberedJob {
  const job = value as Partial<RememberedJob> | null;
  return typeof job?.runId === 'string' && typeof job.projectId === 'string';
}
