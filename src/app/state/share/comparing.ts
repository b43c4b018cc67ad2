import { differenceOf, type FieldValues } from '../../../harness/fields.ts';
import type { Lab } from '../../../labs/lab.ts';
import type { Run } from '../../../rationalize/records.ts';
import { carriedBlock } from '../../../share/blocks.ts';
import type { Experiment } from '../../../share/experiment.ts';
import { reproduction, type Reproduction } from '../../../share/reproduction.ts';
import { itemId } from '../../../judge/item-id.ts';
import { sharedItem } from '../../../share/of-judgment.ts';
import { RunState } from '../improve/run.svelte.ts';
import { judging, jury } from '../judging/session.svelte.ts';
import { project } from '../project/project.svelte.ts';
import { runSlug } from '../improve/rationalize-job.ts';
import { routeTo, routeToLab } from '../shell/router.svelte.ts';
import { findingsOfLab, findingsOfRun, offerOfJudgment, type Findings } from './offers.ts';
import type { Shared } from './shared.svelte.ts';

/** What this reader did, held against what was shared. */
export interface Repeated {
  id: string;
  name: string;
  href: string;
  reproduction: Reproduction;
}

/**
 * The finished runs of the open project that have the shared experiment's settings, the newest first; of a judgment, which
 * is stored nowhere, the one that is on the Judge page.
 */
export async function repeatedHere({ experiment, lab, settings }: Shared): Promise<Repeated[]> {
  if (experiment.kind === 'judgment') return judgedHere(experiment, settings);
  if (project.status !== 'open') return [];
  if (lab) return labRuns(experiment, lab, settings);
  const same = project.runs.filter((run) => differenceOf(run.settings as FieldValues, settings).length === 0);
  const found = await Promise.all(same.map((run) => ofRun(experiment, run)));
  return found.filter((one) => one !== null);
}

async function ofRun(claimed: Experiment, record: Run): Promise<Repeated | null> {
  const run = new RunState(record.id, record.settings);
  await run.load(project.store);
  const findings = run.finished ? await findingsOfRun(run) : null;
  if (!findings) return null;
  const href = routeTo('improve', runSlug(record), record.settings.rounds);
  return { id: record.id, name: record.name, href, reproduction: held(claimed, findings) };
}

async function labRuns(claimed: Experiment, lab: Lab, settings: FieldValues): Promise<Repeated[]> {
  const all = await project.labRuns.labRuns(project.id);
  const same = all.filter((run) => run.lab === lab.id && differenceOf(run.settings, settings).length === 0);
  return same.flatMap(({ id, name, outcome, versions, ...run }) => {
    if (!outcome) return [];
    const json = { ...run, result: outcome.result };
    const findings = findingsOfLab(lab, json, versions?.at(-1)?.version);
    return [{ id, name, href: routeToLab(lab.id), reproduction: held(claimed, findings) }];
  });
}

async function judgedHere(claimed: Experiment, settings: FieldValues): Promise<Repeated[]> {
  const { item, status } = judging;
  const isSame = item !== null && itemId(sharedItem(item)) === claimed.data?.hash;
  const samples = Number(settings['samples']);
  const wasAsked = samples === 0 || (jury.item?.id === item?.id && jury.status === 'done');
  if (!isSame || status !== 'done' || !wasAsked) return [];
  const findings = await offerOfJudgment(judging, jury);
  return [
    { id: item.id, name: 'on the Judge page', href: routeTo('judge'), reproduction: held(claimed, findings) },
  ];
}

/** Against everything that was found here; a link may have had no room for all of it. */
function held(claimed: Experiment, { experiment, fingerprints, blocks }: Findings): Reproduction {
  const all = blocks.flatMap((block) => carriedBlock(block) ?? []);
  return reproduction(claimed, { ...experiment, fingerprints, blocks: all });
}
