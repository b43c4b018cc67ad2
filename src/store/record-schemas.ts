/**
 * What a stored record must have for the page to work with it. Loose: what a later version adds is let through, and a
 * record is handed on as it is stored.
 */
import * as v from 'valibot';
import type { Field } from '../harness/fields.ts';
import { STAGES } from '../rationalize/records.ts';
import { RUN_FIELDS } from '../rationalize/settings.ts';

const number = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** Milliseconds since 1970, as far as a date goes. */
const time = v.pipe(v.number(), v.minValue(-8.64e15), v.maxValue(8.64e15));
const bySplit = <S extends v.GenericSchema>(part: S) =>
  v.looseObject({ train: part, validation: part, heldout: part });
const named = v.looseObject({ name: v.string(), hash: v.string() });
/** Records from before there was such a thing have none. */
const absent = <S extends v.GenericSchema>(schema: S) => v.optional(schema);

/** What everything that can lie in the bin has. */
const listed = { id: v.string(), name: v.string(), created: time, deleted: absent(time) };

const history = {
  devices: absent(v.array(v.looseObject({ backend: v.string(), device: v.string(), since: number }))),
  versions: absent(v.array(v.looseObject({ version: v.string(), since: time }))),
  losses: absent(
    v.array(
      v.looseObject({
        when: time,
        loss: v.string(),
        what: v.string(),
        worked: number,
        stage: absent(v.string()),
        round: absent(count),
      }),
    ),
  ),
};

export const ProjectSchema = v.looseObject({
  ...listed,
  itemsHash: v.string(),
  splitHash: v.string(),
  counts: bySplit(count),
  rubric: v.string(),
  seedModel: named,
  source: v.string(),
  link: absent(v.string()),
});

/** Ranges change from version to version, and are checked where a run goes on; what must hold is the kind. */
function settingSchema(field: Field) {
  if (field.kind === 'choice' || field.kind === 'text') return v.string();
  return field.absent === undefined ? number : absent(number);
}

export const RunSchema = v.looseObject({
  ...listed,
  projectId: v.string(),
  settings: v.looseObject({
    ...Object.fromEntries(Object.entries(RUN_FIELDS).map(([key, field]) => [key, settingSchema(field)])),
    // The page makes room for each of them.
    rounds: v.pipe(count, v.minValue(1), v.maxValue(RUN_FIELDS.rounds.most)),
  }),
  protocol: v.string(),
  items: absent(bySplit(v.looseObject({ count, hash: v.string() }))),
  seedPolicy: v.string(),
  appVersion: v.string(),
  cursor: v.looseObject({ round: count, stage: v.picklist(STAGES), done: v.boolean() }),
  ...history,
});

const spent = v.looseObject({ seconds: number, tokens: number });

export const RoundSchema = v.looseObject({
  runId: v.string(),
  number: count,
  policyIn: v.string(),
  policyOut: v.nullable(v.string()),
  itemIds: v.array(v.string()),
  sample: spent,
  train: spent,
  evaluate: spent,
  stepSeconds: number,
  snapshotSeconds: number,
  steps: count,
  pairs: count,
  selfTest: v.nullable(v.looseObject({ loss: number, margin: number, passed: v.nullable(v.boolean()) })),
  results: v.nullable(v.looseObject({ round: count, policy: v.string(), flips: v.array(v.looseObject({})) })),
});

export const LabRunSchema = v.looseObject({
  ...listed,
  projectId: v.string(),
  lab: v.string(),
  settings: v.record(v.string(), v.union([v.string(), number])),
  judge: v.nullable(v.looseObject({ ...named.entries, backend: v.string(), protocol: v.string() })),
  others: absent(v.array(v.looseObject({ name: v.string(), policy: v.string() }))),
  data: v.looseObject({ ...named.entries, size: count }),
  outcome: v.nullable(
    v.looseObject({
      result: v.looseObject({}),
      exhibits: absent(v.record(v.string(), v.array(v.looseObject({})))),
    }),
  ),
  ...history,
});

export const AdapterSchema = v.looseObject({
  id: v.string(),
  name: v.string(),
  model: named,
  hash: v.string(),
  bytes: count,
  rank: v.pipe(count, v.minValue(1)),
  alpha: number,
  rankStabilised: absent(v.boolean()),
  weights: v.blob(),
});
