import * as v from 'valibot';
import { AdapterSchema, LabRunSchema, RoundSchema, RunSchema } from '../../store/record-schemas.ts';
import type { Schema } from '../../store/schema.ts';
import { FileInBundle } from './record-line.ts';

/**
 * What a bundle carries of each object store, in the order in which it is read: runs first, since everything after
 * belongs to one of them. Loose where the page's own readers are: what a later version adds is carried along.
 */
const number = v.number();
const count = v.pipe(number, v.safeInteger(), v.minValue(0));
const texts = v.array(v.string());
const optional = <S extends v.GenericSchema>(schema: S) => v.optional(schema);
const ofRound = { runId: v.string(), round: count };
const file = v.instance(FileInBundle);
const floats = v.instance(Float32Array);
const span = v.tuple([count, count]);

const item = v.looseObject({
  id: v.string(),
  instruction: v.string(),
  response: v.string(),
  criterion: v.string(),
  reference: optional(v.string()),
  score: optional(v.picklist([1, 2, 3, 4, 5])),
  rationale: optional(v.string()),
  family: optional(v.string()),
  slip: optional(v.boolean()),
});

const verdict = v.variant('kind', [
  v.looseObject({ kind: v.literal('score'), score: v.picklist([1, 2, 3, 4, 5]) }),
  v.looseObject({ kind: v.literal('scores'), scores: v.array(number) }),
  v.looseObject({ kind: v.literal('preference'), preferred: v.picklist([0, 1]) }),
  v.looseObject({ kind: v.literal('answer'), response: v.string() }),
  v.looseObject({ kind: v.literal('failure'), reason: v.string() }),
]);

const judgment = v.looseObject({
  scope: v.string(),
  id: v.string(),
  itemId: v.string(),
  sample: count,
  mode: v.picklist(['point', 'pair', 'multi', 'meta', 'answer']),
  protocol: v.string(),
  order: v.array(count),
  policy: v.string(),
  sampling: v.looseObject({}),
  text: v.string(),
  finished: v.boolean(),
  rationale: span,
  score: v.nullable(span),
  verdict,
});

const tokens = v.pipe(
  v.looseObject({ id: v.string(), ids: v.instance(Int32Array), logprobs: floats }),
  v.check(({ ids, logprobs }) => ids.length === logprobs.length, 'as many log-probabilities as tokens'),
);

const pair = v.looseObject({
  key: v.string(),
  itemId: v.string(),
  chosen: v.string(),
  rejected: v.string(),
  strategy: v.string(),
});

const policy = {
  hash: v.string(),
  weights: file,
};

const schemas = {
  runs: RunSchema,
  labRuns: LabRunSchema,
  rounds: RoundSchema,
  items: v.looseObject({
    projectId: v.string(),
    split: v.picklist(['train', 'validation', 'heldout']),
    position: count,
    item,
  }),
  policies: v.variant('kind', [
    v.looseObject({ kind: v.literal('full'), ...policy }),
    v.looseObject({ kind: v.literal('lora'), ...policy, rank: v.pipe(count, v.minValue(1)), alpha: number }),
  ]),
  adapters: v.looseObject({ ...AdapterSchema.entries, weights: file }),
  pairs: v.looseObject({
    ...ofRound,
    position: count,
    made: v.looseObject({ itemId: v.string(), pairs: v.array(pair), reason: v.string() }),
  }),
  decisions: v.looseObject({
    ...ofRound,
    key: v.string(),
    decision: v.picklist(['accept', 'drop', 'flip']),
  }),
  trainingStates: v.looseObject({ ...ofRound, step: count, pairs: v.array(pair), checkpoint: file }),
  steps: v.looseObject({ ...ofRound, step: count, metrics: v.looseObject({}) }),
  snapshots: v.looseObject({ ...ofRound, step: count, itemIds: texts, probabilities: floats }),
  tokens,
  references: v.looseObject({ policy: v.string(), judgmentId: v.string(), sum: number }),
  readings: v.looseObject({ scope: v.string(), key: v.string(), values: floats }),
  judgments: judgment,
};

export type BundleStore = keyof typeof schemas;
export const STORES = Object.keys(schemas) as readonly BundleStore[];
export const SCHEMAS: Readonly<Record<BundleStore, v.GenericSchema>> = schemas;

/** A record of this store; in a bundle its files are named instead of held. */
export type RecordOf<Store extends BundleStore> = Schema[Store]['value'];
export type AnyRecord = { [Store in BundleStore]: RecordOf<Store> }[BundleStore];

export const pathOf = (store: BundleStore) => `${store}.jsonl`;

type Key = readonly (string | number)[];
type KeysOf = { [Store in BundleStore]: (record: RecordOf<Store>) => Key };

/** The keys of records, as the database has them. */
const KEYS: KeysOf = {
  runs: ({ id }) => [id],
  labRuns: ({ id }) => [id],
  rounds: ({ runId, number }) => [runId, number],
  items: ({ projectId, split, position }) => [projectId, split, position],
  policies: ({ hash }) => [hash],
  adapters: ({ id }) => [id],
  pairs: ({ runId, round, position }) => [runId, round, position],
  decisions: ({ runId, round, key }) => [runId, round, key],
  trainingStates: ({ runId, round }) => [runId, round],
  steps: ({ runId, round, step }) => [runId, round, step],
  snapshots: ({ runId, round, step }) => [runId, round, step],
  tokens: ({ id }) => [id],
  references: ({ policy, judgmentId }) => [policy, judgmentId],
  readings: ({ scope, key }) => [scope, key],
  judgments: ({ scope, itemId, sample }) => [scope, itemId, sample],
};

export function keyOf<Store extends BundleStore>(store: Store, record: RecordOf<Store>): Key {
  return KEYS[store](record);
}

/** Whether the first key sorts before the second, as IndexedDB sorts them. */
export function isBefore(first: Key, second: Key): boolean {
  const at = first.findIndex((part, i) => part !== second[i]);
  return at !== -1 && first[at]! < second[at]!;
}

/** The judgment that a record is, or is about; null for records of other stores. */
export function judgmentIdOf(store: BundleStore, record: AnyRecord): string | null {
  if (store === 'judgments' || store === 'tokens') return (record as RecordOf<'tokens'>).id;
  if (store === 'references') return (record as RecordOf<'references'>).judgmentId;
  if (store === 'readings') return (record as RecordOf<'readings'>).key;
  return null;
}
