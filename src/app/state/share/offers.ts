import type { Flip } from '../../../evaluate/flips.ts';
import type { FieldValues } from '../../../harness/fields.ts';
import { writtenForFile } from '../../../harness/reader-locale.ts';
import type { JudgmentRecord } from '../../../harness/judgment-store.ts';
import type { Item } from '../../../judge/item.ts';
import type { Lab } from '../../../labs/lab.ts';
import type { Run } from '../../../rationalize/records.ts';
import type { RoundResults } from '../../../rationalize/round-results.ts';
import { lab as selfRationalization } from '../../../labs/self-rationalization/lab.ts';
import type { LabJson } from '../../../labs/lab-json.ts';
import { scoreOf } from '../../../judge/verdict-number.ts';
import {
  MOST_JUDGMENTS,
  ownDataOf,
  type Experiment,
  type RecordedJudgment,
  type SharedItem,
} from '../../../share/experiment.ts';
import {
  blocksOfJudgment,
  experimentOfJudgment,
  fingerprintsOfJudgment,
  recordedJudgment,
  sharedItem,
} from '../../../share/of-judgment.ts';
import { experimentOfLab, fingerprintsOfLab } from '../../../share/of-lab.ts';
import { experimentOfRun, fingerprintsOfRun } from '../../../share/of-run.ts';
import { judgeEngine } from '../engine/engine.svelte.ts';
import { readBeforeAndAfter } from '../improve/read-flips.ts';
import type { RunState } from '../improve/run.svelte.ts';
import type { Judging } from '../judging/judging.svelte.ts';
import type { Jury } from '../judging/jury.svelte.ts';
import { project } from '../project/project.svelte.ts';
import { VERSION, type Offer } from './offer.ts';
import { resultsOfRun } from './run-results.ts';
import { sharedModel } from './shared-model.ts';

/** What can be told of an experiment that was run, whoever is told. */
export type Findings = Pick<Offer, 'experiment' | 'fingerprints' | 'says' | 'blocks'>;

/** A finished run of the open project; null while the seed judge's grades are not there. */
export async function findingsOfRun(run: RunState): Promise<(Findings & { results: RoundResults }) | null> {
  const facts = await resultsOfRun(run, project.store, project.parts);
  const results = facts?.rounds.at(-1);
  if (!facts || !results || !run.record) return null;
  return {
    experiment: { ...experimentOfRun(facts, run.record.appVersion || VERSION), ...ownData() },
    fingerprints: fingerprintsOfRun(facts),
    ...told(selfRationalization, facts, facts.settings),
    results,
  };
}

/** What a lab found. @param version of the page that ran it */
export const findingsOfLab = (lab: Lab, json: LabJson, version = VERSION): Findings => ({
  experiment: experimentOfLab(json, lab.fields, version),
  fingerprints: fingerprintsOfLab(json),
  ...told(lab, json.result, json.settings),
});

/** A finished run of the open project. @throws Error in words while the seed judge's grades are not there */
export async function offerOfRun(run: RunState): Promise<Offer> {
  const findings = await findingsOfRun(run);
  if (!findings || !run.record)
    throw new Error('The seed judge was not measured on this device: run the rest first.');
  const { results, ...offered } = findings;
  return { ...offered, judgments: await recordedJudgments(run.record, results), ...ownItems() };
}

/** What a lab shows. Most ask questions of their own: the reader's items then have no part in it. */
export function offerOfLab(lab: Lab, json: LabJson): Offer {
  const findings = findingsOfLab(lab, json);
  const own = ownDataOf(findings.experiment) ? ownItems() : NO_OWN_ITEMS;
  return { ...findings, judgments: [], ...own };
}

/** What a lab says and shows: as for a file, the same wherever its author reads. */
const told = (lab: Lab, result: object, settings: FieldValues): Pick<Offer, 'says' | 'blocks'> =>
  writtenForFile(() => ({ says: lab.says(result, settings), blocks: lab.report(result, settings) }));

/** One answer that was judged by hand, and what the jury said where it was asked about the same. */
export async function offerOfJudgment(judging: Judging, jury: Jury): Promise<Offer> {
  const { item, judgment, probabilities, model } = judging;
  if (!item || !judgment || model === null) throw new Error('Judge the answer first.');
  const { engine, protocol } = await judgeEngine.ready();
  const asked = jury.item?.id === item.id && jury.status === 'done' ? jury.judgments : [];
  const judged = {
    item,
    model: await sharedModel(engine, {
      hash: model,
      backend: engine.device.backend,
      protocol: protocol.id,
    }),
    settings: { samples: asked.length, seed: jury.seed },
    greedy: written(judgment),
    probabilities,
    samples: asked.map(written),
  };
  const { data, ...experiment } = experimentOfJudgment(judged, VERSION);
  const { items, ...facts } = data!;
  return {
    experiment: { ...experiment, data: facts },
    fingerprints: fingerprintsOfJudgment(judged),
    blocks: blocksOfJudgment(judged),
    judgments: [recordedJudgment(judged)],
    ownJudgments: true,
    ownItems: items ?? [],
  };
}

/** Held-out items as the judge wrote about them before and after: flips of both kinds first, then whatever there is. */
async function recordedJudgments(run: Run, results: RoundResults): Promise<RecordedJudgment[]> {
  const { before, after } = await readBeforeAndAfter(project.store, run, results);
  const flipped = (kind: Flip['kind']) => results.flips.filter((flip) => flip.kind === kind).map(({ itemId }) => itemId); // prettier-ignore
  const [mended, broken] = [flipped('mended'), flipped('broken')];
  // One of each in turn, so that a link with room for two has one of either kind.
  const inTurn = mended.flatMap((id, i) => [id, ...broken.slice(i, i + 1)]);
  const ids = [...new Set([...inTurn, ...broken, ...after.keys()])];
  return ids.slice(0, MOST_JUDGMENTS).flatMap((id) => {
    const [item, first, last] = [project.itemsById.get(id), before.get(id), after.get(id)];
    return item && first && last
      ? [{ item: numberOf(item), before: written(first), after: written(last) }]
      : [];
  });
}

const written = ({ text, verdict }: Pick<JudgmentRecord, 'text' | 'verdict'>) => ({
  text,
  score: scoreOf(verdict),
});

/** A built-in item by its number among the held-out ones, which every page generates alike; another with its text. */
function numberOf(item: Item): number | SharedItem {
  const number = project.hasOwnItems ? -1 : project.parts.heldout.findIndex(({ id }) => id === item.id);
  return number >= 0 ? number : sharedItem(item);
}

function ownData(): Pick<Experiment, 'data'> | object {
  const { record, parts } = project;
  if (!record || !project.hasOwnItems) return {};
  const size = Object.values(parts).reduce((sum, part) => sum + part.length, 0);
  return { data: { name: record.source.slice(0, 200), hash: record.itemsHash, size } };
}

const NO_OWN_ITEMS: Pick<Offer, 'ownItems' | 'ownJudgments'> = { ownItems: [], ownJudgments: false };

function ownItems(): Pick<Offer, 'ownItems' | 'ownJudgments'> {
  if (!project.hasOwnItems) return NO_OWN_ITEMS;
  const { train, validation, heldout } = project.parts;
  return { ownItems: [...train, ...validation, ...heldout].map(sharedItem), ownJudgments: true };
}
