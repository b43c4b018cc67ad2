import { APP_VERSION } from '../../../harness/app-version.ts';
import { differenceOf, type FieldValues } from '../../../harness/fields.ts';
import type { LabRun } from '../../../harness/lab-run.ts';
import type { Lab } from '../../../labs/lab.ts';
import { lab as selfRationalization } from '../../../labs/self-rationalization/lab.ts';
import type { Run } from '../../../rationalize/records.ts';
import { carriedBlock } from '../../../share/blocks.ts';
import type { Experiment } from '../../../share/experiment.ts';
import { experimentOfLab, fingerprintsOfLab } from '../../../share/of-lab.ts';
import { experimentOfRun, fingerprintsOfRun } from '../../../share/of-run.ts';
import { reproduction, type Reproduction } from '../../../share/reproduction.ts';
import { RunState } from '../improve/run.svelte.ts';
import { project } from '../project/project.svelte.ts';
import { runSlug } from '../improve/rationalize-job.ts';
import { routeTo, routeToLab } from '../shell/router.svelte.ts';
import { resultsOfRun } from './run-results.ts';
import type { Shared } from './shared.svelte.ts';

/** A run of this reader's, held against the shared one. */
export interface Repeated {
  id: string;
  name: string;
  href: string;
  made: number;
  reproduction: Reproduction;
}

/** The finished runs of the open project that have the shared experiment's settings, the newest first. */
export async function repeatedHere({ experiment, lab, settings }: Shared): Promise<Repeated[]> {
  if (project.status !== 'open') return [];
  if (lab) return labRuns(experiment, lab, settings);
  if (experiment.kind !== 'run') return [];
  const same = project.runs.filter((run) => differenceOf(run.settings as FieldValues, settings).length === 0);
  const found = await Promise.all(same.map((run) => ofRun(experiment, run)));
  return found.filter((one) => one !== null);
}

async function ofRun(claimed: Experiment, record: Run): Promise<Repeated | null> {
  const run = new RunState(record.id, record.settings);
  await run.load(project.store);
  if (!run.finished) return null;
  const facts = await resultsOfRun(run, project.store, project.parts);
  if (!facts) return null;
  const { remap, ...rest } = facts;
  const found: Experiment = {
    ...experimentOfRun(facts, record.appVersion || APP_VERSION),
    fingerprints: fingerprintsOfRun(facts),
    blocks: selfRationalization
      .report({ ...rest, remap }, record.settings)
      .flatMap((block) => carriedBlock(block) ?? []),
  };
  return {
    id: record.id,
    name: record.name,
    href: routeTo('improve', runSlug(record), record.settings.rounds),
    made: record.created,
    reproduction: reproduction(claimed, found),
  };
}

async function labRuns(claimed: Experiment, lab: Lab, settings: FieldValues): Promise<Repeated[]> {
  const all = await project.labRuns.labRuns(project.id);
  const same = all.filter(
    (run): run is LabRun & { outcome: NonNullable<LabRun['outcome']> } =>
      run.lab === lab.id && run.outcome !== null && differenceOf(run.settings, settings).length === 0,
  );
  return same.map(({ id, name, created, outcome, judge, data, ...run }) => {
    const results = { lab: lab.id, settings: run.settings, judge, data, result: outcome.result };
    const found: Experiment = {
      ...experimentOfLab(results, lab.fields, run.versions?.at(-1)?.version ?? APP_VERSION),
      fingerprints: fingerprintsOfLab(results),
      blocks: lab.report(outcome.result, run.settings).flatMap((block) => carriedBlock(block) ?? []),
    };
    return { id, name, href: routeToLab(lab.id), made: created, reproduction: reproduction(claimed, found) };
  });
}
