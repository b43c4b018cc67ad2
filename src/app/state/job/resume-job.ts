import { BusyElsewhereError } from '../../../store/lock.ts';
import { project } from '../project/project.svelte.ts';
import { runningJob } from './job.svelte.ts';
import { JudgeNotHereError, needsFiles } from './right-judge.ts';
import type { RememberedJob } from './remembered-job.ts';

/** The lock of the page before the reload may outlive it by a moment. */
const TRIES = 10;
const PAUSE_MS = 300;

/** Goes on with the job that a reload interrupted. */
export async function resumeAfterReload(job: RememberedJob): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    await goOn(job);
    if (!(runningJob.cause instanceof BusyElsewhereError)) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/**
 * Goes on with a job that was under way before, in this tab or in another, with the judge that it began with. Resolves
 * when it has ended.
 * @throws JudgeNotHereError, NoSuchProjectError
 */
export async function goOn(job: RememberedJob, takeOver = false): Promise<void> {
  if (needsFiles(job.judge)) throw new JudgeNotHereError(job.judge!);
  await project.open();
  if (project.id !== job.projectId) await project.use(job.projectId);
  const { judge, paused = false, losses = [] } = job;
  const going = { paused, losses, takeOver, ...(judge && { judge }) };
  if (job.kind === 'lab') {
    const { resumeLab } = await import('../labs/resume-lab.ts');
    await resumeLab(job, going);
    return;
  }
  const { improve } = await import('../improve/improve.svelte.ts');
  await improve.resume({ id: job.runId, settings: job.settings }, job.until, going);
}
