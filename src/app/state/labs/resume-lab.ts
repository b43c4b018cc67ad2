import type { RememberedJob } from '../job/remembered-job.ts';
import { labPage } from './lab-pages.ts';

/** Goes on with a lab's run after a reload; false where it has no record. Resolves when the job has ended. */
export async function resumeLab(job: RememberedJob & { kind: 'lab' }): Promise<boolean> {
  const page = labPage(job.lab);
  await page.open();
  await page.readRuns();
  const run = page.runs.find(({ id }) => id === job.runId);
  if (!run) return false;
  await page.resume(run, job.paused ?? false);
  return true;
}
