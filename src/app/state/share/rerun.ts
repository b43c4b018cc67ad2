import { changesOf } from '../../../harness/fields.ts';
import type { RunSettings } from '../../../rationalize/settings.ts';
import { itemOf } from '../../../share/of-judgment.ts';
import { judgeEngine } from '../engine/engine.svelte.ts';
import { improve, NEW_RUN } from '../improve/improve.svelte.ts';
import { askTask, judgeTask, jury, sharedTask, task } from '../judging/session.svelte.ts';
import { labPage } from '../labs/lab-pages.ts';
import { router, routeToLab } from '../shell/router.svelte.ts';
import { OtherJudgeOpenError } from './other-judge.ts';
import { openSharedProject } from './shared-project.ts';
import type { Shared } from './shared.svelte.ts';

/** Makes a project of the shared experiment and shows it; nothing is run. */
export async function keepCopy(shared: Shared): Promise<void> {
  await openSharedProject(shared);
}

/** Shows the experiment's settings where a run of it begins, to change and to run. */
export async function changeSettings(shared: Shared): Promise<void> {
  await prepare(shared);
  if (shared.experiment.kind === 'run') router.go('improve', NEW_RUN);
}

/** Runs it here. @throws OtherJudgeOpenError */
export async function rerun(shared: Shared): Promise<void> {
  const { experiment, lab } = shared;
  if (experiment.model) {
    const { engine } = await judgeEngine.ready();
    if (engine.model.hash !== experiment.model.hash)
      throw new OtherJudgeOpenError(experiment.model, engine.model);
  }
  await prepare(shared);
  if (experiment.kind === 'judgment') await judgeAgain(shared);
  // It goes to its own address: on the way to that of a new run, the page would put one on show.
  else if (!lab) await improve.start();
  // Verdicts that were released open by themselves: no judge was asked.
  else if (experiment.model) await labPage(lab.id).start();
}

async function prepare(shared: Shared): Promise<void> {
  if (shared.experiment.kind === 'judgment') {
    showJudgment(shared);
    return;
  }
  await keepCopy(shared);
  if (shared.lab) await showLab(shared, shared.lab.id);
  else improve.prepare(shared.settings as RunSettings);
}

async function showLab({ experiment, settings, lab }: Shared, id: string): Promise<void> {
  const page = labPage(id);
  await page.open();
  page.settings = settings;
  page.source = experiment.model ? 'judge' : 'released';
  location.hash = routeToLab(id, lab ? changesOf(lab.fields, settings) : {});
}

function showJudgment({ experiment, settings, link }: Shared): void {
  const [item] = experiment.data?.items ?? [];
  if (item) {
    task.useItem(itemOf(item));
    Object.assign(sharedTask, { itemId: itemOf(item).id, link });
  }
  const samples = Number(settings['samples']);
  if (samples > 0) jury.size = samples;
  router.go('judge');
}

async function judgeAgain({ settings }: Shared): Promise<void> {
  await judgeTask();
  if (Number(settings['samples']) > 0) await askTask(Number(settings['seed']));
}
