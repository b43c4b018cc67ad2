/** Records as the page reads them back: of another version, damaged, or changed by somebody. */
import { expect } from 'vitest';
import { JudgeFactsError, readJudgeFacts } from '../../../src/harness/judge-facts.ts';
import type { LabRun } from '../../../src/harness/lab-run.ts';
import { newRound, type Run } from '../../../src/rationalize/records.ts';
import { ManifestError, readManifest } from '../../../src/store/model-manifest.ts';
import type { Project } from '../../../src/store/project.ts';
import { theReadable, UnreadableRecordError, type CheckedStore } from '../../../src/store/readable.ts';
import { NEW_RUN } from '../../run-record.ts';
import { fuzz, toJson } from './fuzz.ts';

const history = {
  devices: [{ backend: 'wasm', device: '', since: 1 }],
  versions: [{ version: '0.1.0', since: 1 }],
  losses: [{ when: 1, loss: 'worker-crashed', what: 'It failed.', worked: 3, stage: 'sample', round: 1 }],
} as const;
const model = { name: 'nano', hash: 'a1' };

const run: Run = { ...NEW_RUN, seedPolicy: 'a1' };
const project: Project = {
  id: 'project',
  name: 'Essays',
  created: 1,
  itemsHash: 'a',
  splitHash: 'b',
  counts: { train: 6, validation: 3, heldout: 4 },
  rubric: '',
  seedModel: model,
  source: 'essays.csv',
};
const labRun: LabRun = {
  id: 'lab',
  projectId: 'project',
  name: 'kind island',
  lab: 'mt-bench',
  settings: { seed: 1, judge: 'a' },
  judge: { ...model, backend: 'wasm', protocol: 'nano-point' },
  others: [{ name: 'c', policy: 'd' }],
  data: { name: 'micro', hash: 'h', size: 3 },
  created: 2,
  deleted: 3,
  outcome: { result: { accuracy: 1 }, exhibits: { a: [] } },
  ...history,
};
const ofItems = { count: 2, hash: 'h' };

const RECORDS: Record<Exclude<CheckedStore, 'adapters'>, readonly object[]> = {
  projects: [project, { ...project, copyOf: 'other', deleted: 4 }],
  runs: [run, { ...run, ...history, items: { train: ofItems, validation: ofItems, heldout: ofItems } }],
  rounds: [newRound('run', 1, 'a1', ['x', 'y'])],
  labRuns: [labRun, { ...labRun, judge: null, outcome: null }],
};

const SHAPES: Record<CheckedStore, (record: never) => void> = {
  projects: ({ name, source, counts }: Project) => {
    expect(typeof name + typeof source).toBe('stringstring');
    expect(Object.values(counts).length).toBeGreaterThanOrEqual(3);
  },
  runs: ({ settings, created, name }: Run) => {
    expect(new Array(settings.rounds).length).toBeLessThanOrEqual(10);
    expect(new Intl.DateTimeFormat('en').format(created)).toMatch(/\d/);
    expect(name.replaceAll(' ', '-')).not.toContain(' ');
  },
  rounds: ({ itemIds, sample }: ReturnType<typeof newRound>) => {
    expect(itemIds.map((id) => id.length).every(Number.isInteger)).toBe(true);
    expect(sample.seconds.toFixed(1)).toMatch(/\d/);
  },
  labRuns: ({ created, losses = [], outcome }: LabRun) => {
    expect(new Intl.DateTimeFormat('en').format(created)).toMatch(/\d/);
    for (const { what } of losses) expect(what.slice(0, 1).length).toBeLessThan(2);
    expect(Object.keys(outcome?.result ?? {}).length).toBeGreaterThanOrEqual(0);
  },
  adapters: ({ name, model: base }: { name: string; model: { name: string } }) =>
    expect(name.localeCompare(base.name)).toBeTypeOf('number'),
};

const parsed = (text: string): never => JSON.parse(text) as never;
const REFUSALS = [UnreadableRecordError, SyntaxError];

for (const [store, seeds] of Object.entries(RECORDS) as [CheckedStore, readonly object[]][])
  fuzz({
    name: `a stored record of ${store}`,
    seeds: seeds.map((seed) => JSON.stringify(seed)),
    read: (text) => theReadable(store, parsed(text)) as never,
    refusals: REFUSALS,
    check: SHAPES[store],
    again: toJson,
  });

fuzz({
  name: 'a stored adapter',
  seeds: [JSON.stringify({ id: 'a', name: 'Mine', model, hash: 'h', rank: 2, alpha: 4, bytes: 5 })],
  read: (text) => {
    const record = parsed(text) as object | null;
    const { weights: _, ...stored } = theReadable('adapters', {
      ...record,
      weights: new Blob(['12345']),
    } as never)!;
    return stored as never;
  },
  refusals: REFUSALS,
  check: SHAPES.adapters,
});

const MANIFEST = {
  name: 'a/b',
  repository: 'a/b',
  revision: 'c',
  licence: 'mit',
  files: [{ path: 'config.json', bytes: 3, hash: { algorithm: 'sha256', hex: 'ff' } }],
};

fuzz({
  name: "a stored model's manifest",
  seeds: [JSON.stringify(MANIFEST)],
  read: readManifest,
  refusals: [ManifestError],
  again: toJson,
  check: ({ files }) => {
    for (const { path, bytes } of files) {
      expect(path).not.toMatch(/[/\\]|^\.\.?$/);
      expect(bytes >= 0).toBe(true);
    }
  },
});

fuzz({
  name: 'judge.json',
  seeds: [
    JSON.stringify({ promptLogprobPercentile1: -1.05, accuracy: 0.81, accuracyByFamily: { tone: 0.5 } }),
    JSON.stringify({ recipe: 'Trained.', faults: ['It errs.'] }),
  ],
  read: (text) => readJudgeFacts(JSON.parse(text)),
  refusals: [JudgeFactsError, SyntaxError],
  again: toJson,
  check: ({ accuracy = 0 }) => expect(accuracy >= 0 && accuracy <= 1).toBe(true),
});
