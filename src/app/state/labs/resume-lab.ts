import type { GoingOn } from '../improve/rationalize-job.ts';
import type { RememberedJob } from '../job/remembered-job.ts';
import { labPage } from './lab-pages.ts';

/** Goes on with a lab's run after a reload, or begins it, if it still waited for its judge. Resolves when the job has ended. */
export async function resumeLab(job: RememberedJob & { kind: 'lab' }, going: GoingOn): Promise<void> {
  const page = labPage(job.lab);
  await page.open();
  await page.readRuns();
  const run = page.runs.find(({ id }) => id === job.runId);
  const { runId: id, settings, others } = job;
  await page.resume(run ?? { id, settings, others }, going);
}
