import { BusyElsewhereError } from '../../../store/lock.ts';
import { project } from '../project/project.svelte.ts';
import { runningJob } from './job.svelte.ts';
import { forgetJob, rememberedJob, type RememberedJob } from './remembered-job.ts';

/** The lock of the page before the reload may outlive it by a moment. */
const TRIES = 10;
const PAUSE_MS = 300;

/** Goes on with the job that a reload interrupted. Called once, when the page starts. */
export async function resumeJob(): Promise<void> {
  const job = rememberedJob();
  if (!job) return;
  await project.open();
  if (project.id !== job.projectId) await project.use(job.projectId);
  for (let tries = 0; tries < TRIES; tries++) {
    const found = await goOn(job);
    // Interrupted before its first record: there is nothing to go on with.
    if (!found) forgetJob();
    if (!found || !(runningJob.cause instanceof BusyElsewhereError)) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** False where the run has no record. Resolves when the job has ended. */
async function goOn(job: RememberedJob): Promise<boolean> {
  if (job.kind === 'lab') {
    const { resumeLab } = await import('../labs/resume-lab.ts');
    await resumeLab(job);
    return true;
  }
  const run = project.runs.find(({ id }) => id === job.runId);
  if (!run) return false;
  const { improve } = await import('../improve/improve.svelte.ts');
  await improve.resume(run, job);
  return true;
}
