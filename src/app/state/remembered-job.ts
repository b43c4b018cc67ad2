import type { Stage } from '../../rationalize/records.ts';

/** What a reloaded page must know to go on with a job: which run, how far, and whether it was paused. */
export interface RememberedJob {
  projectId: string;
  runId: string;
  /** Stop after this stage; left out: to the end. */
  until?: { round: number; stage: Stage };
  paused?: boolean;
}

const KEY = 'judge-playground.job';
const LOCK = 'judge-playground.job';

/** The job that was under way when the page was left; null when there was none. */
export function rememberedJob(): RememberedJob | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    return isJob(value) ? value : null;
  } catch {
    return null;
  }
}

export function rememberJob({ projectId, runId, until, paused = false }: RememberedJob): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ projectId, runId, until, paused }));
  } catch {
    // Storage is refused in some private windows; the run can then be continued by hand.
  }
}

export function forgetJob(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // As above.
  }
}

/** Thrown when a job runs in another tab of this browser already. */
export class OtherTabError extends Error {
  override name = 'OtherTabError';
  constructor() {
    super('A job is running in another tab of this browser. Wait for it there, or close that tab and start again.');
  }
}

/** Runs `work` unless another tab is running a job: two would overwrite each other's records. */
export async function onlyTab(work: () => Promise<void>): Promise<void> {
  await navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
    if (!lock) throw new OtherTabError();
    await work();
  });
}

function isJob(value: unknown): value is RememberedJob {
  const job = value as Partial<RememberedJob> | null;
  return typeof job?.runId === 'string' && typeof job.projectId === 'string';
}
