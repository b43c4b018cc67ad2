import { BusyElsewhereError } from '../../../store/lock.ts';
import { runningJob } from './job.svelte.ts';
import { improve } from './improve.svelte.ts';
import { forgetJob, rememberedJob } from './remembered-job.ts';
import { project } from '../project/project.svelte.ts';

/** The lock of the page before the reload may outlive it by a moment. */
const TRIES = 10;
const PAUSE_MS = 300;

/** Goes on with the job that a reload interrupted. Called once, when the page starts. */
export async function resumeJob(): Promise<void> {
  const job = rememberedJob();
  if (!job) return;
  await project.open();
  if (project.id !== job.projectId) await project.use(job.projectId);
  const run = project.runs.find(({ id }) => id === job.runId);
  // Interrupted before its first record: there is nothing to go on with.
  if (!run) {
    forgetJob();
    return;
  }
  for (let tries = 0; tries < TRIES; tries++) {
    await improve.resume(run, job);
    if (!(runningJob.cause instanceof BusyElsewhereError)) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
