import { toasts } from '../shell/toasts.svelte.ts';
import { interruptedJobs } from './interrupted-jobs.svelte.ts';
import type { RememberedJob } from './remembered-job.ts';
import { resumeAfterReload } from './resume-job.ts';
import { needsFiles } from './right-judge.ts';

/** Goes on with the job that a reload of this tab interrupted, and finds those that nobody goes on with. */
export async function beginJobs(reloaded: RememberedJob | null): Promise<void> {
  // What needs files of the reader's waits for them, as an interrupted job.
  const resumed = reloaded && !needsFiles(reloaded.judge) ? reloaded : null;
  await interruptedJobs.look(resumed?.runId);
  if (!resumed) return;
  try {
    await resumeAfterReload(resumed);
  } catch (error) {
    toasts.fail(error);
  }
  await interruptedJobs.look();
}
