import { twoWordName } from '../../../harness/names.ts';
import { NoSuchProjectError } from '../../../store/projects.ts';
import { toasts } from '../shell/toasts.svelte.ts';
import { routeTo, routeToLab } from '../shell/route.ts';
import { runningJob } from './job.svelte.ts';
import { jobsElsewhere } from './jobs-elsewhere.svelte.ts';
import type { KeptJob, RememberedJob } from './job-record.ts';
import { forgetKept, keepJob, keptJobs } from './kept-jobs.ts';
import { goOn } from './resume-job.ts';

/** Jobs that were under way when their tab was closed, or crashed, and that nobody goes on with. */
class InterruptedJobs {
  #found = $state.raw<readonly KeptJob[]>([]);
  readonly all = $derived(
    this.#found.filter(({ job }) => !(runningJob.active && runningJob.runId === job.runId)),
  );
  /** The one that the reader is asked about, wherever they are. */
  readonly asked = $derived(this.all.find(({ later }) => !later) ?? null);

  constructor() {
    jobsElsewhere.onGone(() => void this.look());
  }

  /** This run's interrupted job, where the reader has said "Not now"; else the page asks about it under its head. */
  answered(runId: string): KeptJob | null {
    return this.all.find((kept) => kept.job.runId === runId && kept !== this.asked) ?? null;
  }

  /** Looks which jobs are left. @param except one that is just being gone on with */
  async look(except?: string): Promise<void> {
    // Locks first: a job that ends in between is then neither.
    const held = await jobsElsewhere.held();
    const kept = await keptJobs();
    this.#found = kept.filter(({ job }) => !held.has(job.runId) && job.runId !== except);
  }

  async goOn({ job }: KeptJob): Promise<void> {
    location.hash = hrefOf(job);
    await this.#go(job, false);
  }

  /** Takes a run from the tab that has it, and goes on with it here. */
  async takeOver(runId: string): Promise<void> {
    const kept = (await keptJobs()).find(({ job }) => job.runId === runId);
    if (kept) await this.#go(kept.job, true);
  }

  /** The reader does not want to be asked again. */
  async later(kept: KeptJob): Promise<void> {
    await keepJob({ ...kept, later: true });
    await this.look();
  }

  /** A person pressed a button: what happened to the engine before counts no more. */
  async #go(job: RememberedJob, takeOver: boolean): Promise<void> {
    try {
      await goOn({ ...job, paused: false, losses: [] }, takeOver);
    } catch (error) {
      if (error instanceof NoSuchProjectError) await forgetKept(job.runId);
      toasts.fail(error);
    }
    await this.look();
  }
}

/** Where a job is shown in full. */
function hrefOf(job: RememberedJob): string {
  if (job.kind === 'lab') return routeToLab(job.lab);
  return routeTo('improve', nameOf(job).replaceAll(' ', '-'), job.until?.round ?? 1);
}

/** A run's name, which its id decides. */
export function nameOf({ runId }: Pick<RememberedJob, 'runId'>): string {
  return twoWordName(runId);
}

export const interruptedJobs = new InterruptedJobs();
