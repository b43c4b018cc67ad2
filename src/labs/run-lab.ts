import { differenceOf, type FieldValues } from '../harness/fields.ts';
import {
  OWN_ITEMS,
  type DataFacts,
  type JudgeFacts,
  type LabOutcome,
  type LabRun,
  type NamedPolicy,
} from '../harness/lab-run.ts';
import type { LabRunStore } from '../harness/lab-run-store.ts';
import { devicesUsed } from '../harness/devices-used.ts';
import { mergedLosses, type RecordedLoss } from '../harness/recovery.ts';
import { versionsUsed } from '../harness/versions-used.ts';
import { twoWordName } from '../harness/names.ts';
import { factsOf } from '../data/split.ts';
import type { SplitItems } from '../judge/item.ts';
import { inSlices } from '../judge/steps.ts';
import type { VerdictRow } from '../judge/verdict-table.ts';
import { factsAbout } from './data-facts.ts';
import { LabNeedsError, VerdictsError, type Lab, type LabBench } from './lab.ts';
import { nanoPoint } from '../judge/protocols/nano.ts';

/** Thrown when a run of a lab is continued with something else than it began with. */
export class OtherRunError extends Error {
  override name = 'OtherRunError';
}

/**
 * Runs a lab by the judge, or goes on with a run that was interrupted, and keeps what it found. Page and headless
 * command both call this. Where the judge had to move to another backend, all is asked again there, since stored answers
 * are kept by what gave them.
 * @param losses how the engine was lost on the way here; the run's record keeps them
 * @throws SettingsError, OtherRunError, LabNeedsError; what the lab throws; an AbortError when cancelled
 */
export async function runLab(
  lab: Lab,
  bench: LabBench,
  settings: FieldValues,
  runs: LabRunStore,
  losses: readonly RecordedLoss[] = [],
): Promise<LabRun> {
  const own = { ...bench, items: lab.needs.ownItems ? bench.items : null };
  const run = await openLabRun(lab, own, settings, runs, losses);
  if (run.outcome) return run;
  checkNeeds(lab, own);
  await runs.putLabRun(run);
  const done = { ...run, outcome: await lab.run(own, run.settings) };
  await runs.putLabRun(done);
  return done;
}

/** @throws LabNeedsError */
function checkNeeds({ title, needs }: Lab, { protocol, items }: LabBench): void {
  if (!needs.microLanguage || items || protocol.id === nanoPoint.id) return;
  const instead = needs.ownItems ? 'open your own items as a project, ' : '';
  throw new LabNeedsError(
    `${title} lets the judge sit an exam in the micro language, which only the embedded judge speaks. Load the ` +
      `embedded judge, ${instead}or open a file of verdicts.`,
  );
}

/** The run to continue, or a new one with everything that decides what it does. */
async function openLabRun(
  lab: Lab,
  bench: LabBench,
  given: FieldValues,
  runs: LabRunStore,
  lost: readonly RecordedLoss[],
): Promise<LabRun> {
  const settings = lab.check(given);
  const judge = judgeFacts(bench);
  const data = bench.items ? await dataOf(bench.items) : lab.data(settings);
  const known = await runs.labRun(bench.runId);
  const devices = devicesUsed(known?.devices, bench.engine.device);
  const losses = mergedLosses(known?.losses, lost);
  const versions = versionsUsed(known?.versions);
  if (!known)
    return {
      id: bench.runId,
      projectId: bench.projectId,
      name: twoWordName(bench.runId),
      lab: lab.id,
      settings,
      judge,
      others: bench.judges.slice(1),
      data,
      created: Date.now(),
      devices,
      versions,
      losses,
      outcome: null,
    };
  const changes = changesSince(known, { settings, judge, others: bench.judges.slice(1), data });
  if (known.lab !== lab.id) changes.unshift(`it is a run of ${known.lab}`);
  if (changes.length > 0)
    throw new OtherRunError(`The run "${known.name}" cannot go on: ${changes.join('; ')}. Start a new run.`);
  return known.outcome ? known : { ...known, judge, devices, versions, losses };
}

function changesSince(
  known: LabRun,
  {
    settings,
    judge,
    others,
    data,
  }: Pick<LabRun, 'settings' | 'data'> & { judge: JudgeFacts; others: readonly NamedPolicy[] },
): string[] {
  const different = differenceOf(known.settings, settings);
  const changes = different.length > 0 ? [`other settings (${different.join(', ')})`] : [];
  if (known.judge?.hash !== judge.hash)
    changes.push(`it began with the judge ${known.judge?.hash ?? 'of a file'}, and ${judge.hash} is open`);
  else if (known.judge.protocol !== judge.protocol)
    changes.push(`its judge was asked by ${known.judge.protocol}, and now it would be ${judge.protocol}`);
  if (known.others && JSON.stringify(known.others) !== JSON.stringify(others))
    changes.push('it asked other trained judges beside the open one');
  if (known.data.hash !== data.hash)
    changes.push(
      `its data changed (${known.data.name}, ${known.data.size} then; ${data.name}, ${data.size} now)`,
    );
  return changes;
}

export function judgeFacts({ engine, protocol }: Pick<LabBench, 'engine' | 'protocol'>): JudgeFacts {
  const { name, hash } = engine.model;
  return { name, hash, backend: engine.device.backend, protocol: protocol.id };
}

/** Facts about the reader's own items. */
async function dataOf(items: SplitItems): Promise<DataFacts> {
  const size = items.train.length + items.validation.length + items.heldout.length;
  return factsAbout(OWN_ITEMS, await inSlices(factsOf(items)), size);
}

/** What is said where a lab has to ask a judge itself. */
export function cannotAnalyse({ title }: Lab): VerdictsError {
  return new VerdictsError(`${title} asks a judge itself; it cannot work from a file of verdicts.`);
}

/** A lab's analysis of a file of verdicts, and what the file was. @throws VerdictsError, SettingsError */
export function analyseVerdicts(
  lab: Lab,
  rows: readonly VerdictRow[],
  settings: FieldValues,
  name: string,
): { settings: FieldValues; data: DataFacts; outcome: LabOutcome } {
  if (!lab.analyse) throw cannotAnalyse(lab);
  const checked = lab.check(settings);
  const data = factsAbout(name, rows, rows.length);
  return { settings: checked, data, outcome: lab.analyse(rows, checked) };
}
