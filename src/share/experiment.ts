import * as v from 'valibot';
import { OWN_ITEMS } from '../harness/lab-run.ts';
import { BlockSchema } from './blocks.ts';
import { LinkError } from './link-text.ts';
import { areNumbers, type Numbers } from './numbers.ts';

/** What a reader can run. */
export const KINDS = ['judgment', 'run', 'lab'] as const;

/** Judgments that a link holds at most, before and after. */
export const MOST_JUDGMENTS = 6;
/** Characters of a title or a note. */
export const LONGEST_WORDS = 300;
/** Characters of a bundle's address. */
export const LONGEST_ADDRESS = 300;
/** Bytes of own items, as JSON, that go into a link. */
export const LARGEST_DATA = 16_000;

const line = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const words = v.pipe(v.string(), v.minLength(1), v.maxLength(LONGEST_WORDS));
const longText = v.pipe(v.string(), v.maxLength(LARGEST_DATA));
const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{8,64}$/));
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const score = v.picklist([1, 2, 3, 4, 5]);
const text = (form: RegExp) => v.pipe(v.string(), v.regex(form));

const Model = v.strictObject({
  name: line,
  hash,
  backend: v.picklist(['wasm', 'webgpu']),
  workers: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(64))),
  protocol: v.exactOptional(line),
  /** Where it can be had: a repository of the hub, at a commit. */
  hub: v.exactOptional(
    v.strictObject({
      repository: text(/^[\w.-]{1,96}\/[\w.-]{1,96}$/),
      revision: text(/^[0-9a-f]{40}$/),
      file: v.exactOptional(line),
    }),
  ),
});

const OwnItem = v.strictObject({
  instruction: longText,
  response: longText,
  criterion: longText,
  reference: v.exactOptional(longText),
  score: v.exactOptional(score),
});

const Data = v.strictObject({
  name: line,
  hash,
  size: whole,
  /** By value: the reader's own. */
  items: v.exactOptional(v.pipe(v.array(OwnItem), v.maxLength(1000))),
  /** By name: a project's file that anybody can fetch, and its hash. */
  bundle: v.exactOptional(
    v.strictObject({
      address: v.pipe(v.string(), v.url(), v.regex(/^https?:\/\//), v.maxLength(LONGEST_ADDRESS)),
      sha256: text(/^[0-9a-f]{64}$/),
    }),
  ),
});

const Written = v.strictObject({ text: v.pipe(v.string(), v.maxLength(4000)), score: v.nullable(score) });

/** What judges wrote about one item: before and, where something was trained, after. */
const Recorded = v.strictObject({
  /** Which of the generator's held-out items, counted from 0; or one of the reader's own. */
  item: v.union([whole, OwnItem]),
  before: Written,
  after: v.exactOptional(Written),
  /** The same judge, asked again with chance left in. */
  samples: v.exactOptional(v.pipe(v.array(Written), v.maxLength(MOST_JUDGMENTS))),
});

const fingerprint = text(/^[\w-]{8}$/);

const Schema = v.strictObject({
  kind: v.picklist(KINDS),
  /** Of the lab, where it is one. */
  lab: v.exactOptional(text(/^[a-z][a-z-]{0,40}$/)),
  /** Version of the page that made it. */
  app: v.pipe(v.string(), v.maxLength(40)),
  /** Numbers of the settings' defaults and of the item generator, which settings and items rely on. */
  numbers: v.strictObject({ settings: whole, items: whole }),
  /** Those that differ from their defaults, as texts. */
  settings: v.record(text(/^[a-zA-Z][a-zA-Z0-9]{0,40}$/), v.pipe(v.string(), v.maxLength(2000))),
  /** null where verdicts were looked at and no judge was asked. */
  model: v.nullable(Model),
  /** Left out: the built-in items. */
  data: v.exactOptional(Data),
  /** What its author found, by the names of the result; shares 0–1. */
  metrics: v.custom<Numbers>(areNumbers),
  title: v.exactOptional(words),
  note: v.exactOptional(words),
  /** The result in a sentence. */
  says: v.exactOptional(v.pipe(v.string(), v.maxLength(1000))),
  /** By the stages' names, in their order. */
  fingerprints: v.exactOptional(v.record(text(/^[a-z0-9 ]{1,40}$/), fingerprint)),
  /** The author's pictures and tables. */
  blocks: v.exactOptional(v.pipe(v.array(BlockSchema), v.maxLength(40))),
  judgments: v.exactOptional(v.pipe(v.array(Recorded), v.maxLength(MOST_JUDGMENTS))),
});

/** One experiment as a link carries it. */
export type Experiment = v.InferOutput<typeof Schema>;
export type SharedItem = v.InferOutput<typeof OwnItem>;
export type RecordedJudgment = v.InferOutput<typeof Recorded>;

/**
 * Its author's own items; null where everybody has what it is about: built-in items, a lab's own questions, or verdicts.
 * What a lab asks of its own says so by another name than that of a reader's items.
 */
export function ownDataOf({ kind, model, data }: Experiment): NonNullable<Experiment['data']> | null {
  if (!data || (kind === 'lab' && (model === null || data.name !== OWN_ITEMS))) return null;
  return data;
}

/** @throws LinkError that names the part which is none */
export function checkExperiment(value: unknown): Experiment {
  const result = v.safeParse(Schema, value);
  if (!result.success) {
    const part = v.getDotPath(result.issues[0])?.slice(0, 80);
    throw new LinkError(
      part
        ? `This link holds no experiment that this page knows: "${part}" is not what it should be.`
        : 'This link holds no experiment.',
    );
  }
  const experiment = result.output;
  if ((experiment.kind === 'lab') !== (experiment.lab !== undefined))
    throw new LinkError('This link holds no experiment that this page knows: "lab" does not fit its kind.');
  return experiment;
}
