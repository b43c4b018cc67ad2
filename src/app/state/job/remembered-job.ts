import type { FieldValues } from '../../../harness/fields.ts';
import type { NamedPolicy } from '../../../harness/lab-run.ts';
import { isStage, type Stage } from '../../../rationalize/records.ts';

interface Remembered {
  projectId: string;
  /** Id of the run, or of the lab's run. */
  runId: string;
  paused?: boolean;
}

/** What a reloaded page must know to go on with a job: which, how far, and whether it was paused. */
export type RememberedJob =
  /** `until`: stop after this stage; left out: to the end. */
  | (Remembered & { kind: 'run'; until?: { round: number; stage: Stage } })
  /** With all that begins it anew: a run that waits for its judge has no record yet. */
  | (Remembered & { kind: 'lab'; lab: string; settings: FieldValues; others: readonly NamedPolicy[] });

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

export function rememberJob(job: RememberedJob): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(job));
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
  const job = value as
    | (Partial<Remembered> & {
        kind?: unknown;
        lab?: unknown;
        settings?: unknown;
        until?: { stage?: string };
      })
    | null;
  if (typeof job?.runId !== 'string' || typeof job.projectId !== 'string') return false;
  if (job.kind === 'lab') return typeof job.lab === 'string' && typeof job.settings === 'object';
  return job.kind === 'run' && (job.until === undefined || isStage(job.until.stage));
}
