import type { Connection } from '../../store/connection.ts';
import { StorageFullError } from '../../store/errors.ts';
import { NoSuchProjectError } from '../../store/projects.ts';
import { proveRoom } from '../../store/room.ts';
import { whileImporting } from '../../store/unfinished-imports.ts';
import { write } from '../../store/write.ts';
import type { Checked } from './check-bundle.ts';
import { planMerge, type MergePlan, type Target } from './merge-plan.ts';
import { withNewIds } from './new-ids.ts';
import { FileInBundle } from './record-line.ts';
import type { Bundle } from './read-bundle.ts';
import { judgmentIdOf, keyOf, STORES, type AnyRecord, type BundleStore, type RecordOf } from './stores.ts';

/** What became of a bundle. */
export interface Imported {
  projectId: string;
  /** Runs and labs' runs that were added, and those that were here already. */
  added: number;
  skipped: number;
  /** Names of runs that are kept beside others of the same id. */
  copies: string[];
}

/** What is seen at once, and at last: until these are there, no list shows anything of the bundle. */
const LAST: readonly BundleStore[] = ['runs', 'labRuns', 'adapters'];
/** Named by their content, or by all that decides it: what is here already is the same. */
const SHARED: readonly BundleStore[] = [
  'policies',
  'adapters',
  'tokens',
  'references',
  'readings',
  'judgments',
];

const AT_ONCE = 300;

/**
 * Stores a checked bundle: all of its parts first, which nothing shows, then in one transaction the records that make
 * them seen. Whatever goes wrong before takes everything back; what dies with its tab is swept later.
 * @param report is told how many bytes of the bundle are stored
 * @throws StorageFullError, ImportBusyError, BundleError, NoSuchProjectError
 */
export function importBundle(
  connection: Connection,
  bundle: Bundle,
  checked: Checked,
  target: Target,
  report: (done: number) => void = () => {},
): Promise<Imported> {
  return whileImporting(connection, async () => {
    if (!(await hasRoom(bundle.bytes))) throw new StorageFullError();
    const plan = await planMerge(connection, bundle.manifest.project, checked, target);
    const last = await storeParts(connection, bundle, plan, target, report);
    await makeSeen(connection, bundle, plan, target, last);
    return imported(checked, plan);
  });
}

/** Where it cannot be asked, the writing itself will tell. */
async function hasRoom(bytes: number): Promise<boolean> {
  try {
    return await proveRoom(bytes);
  } catch {
    return true;
  }
}

function imported({ contents }: Checked, plan: MergePlan): Imported {
  const skipped = plan.skippedRuns.size + plan.skippedLabRuns.size;
  const added = contents.runs.length + contents.labRuns.length - skipped;
  return { projectId: plan.ids.project, added, skipped, copies: [...plan.names.values()] };
}

type Last = { store: BundleStore; record: AnyRecord }[];

/** Stores what nothing shows, and returns the records that will. */
async function storeParts(
  connection: Connection,
  bundle: Bundle,
  plan: MergePlan,
  target: Target,
  report: (done: number) => void,
): Promise<Last> {
  let done = 0;
  const reportMore = (bytes: number) => report((done += bytes));
  const last: Last = [];
  for (const store of STORES) {
    let batch: AnyRecord[] = [];
    for await (const record of bundle.records(store, reportMore)) {
      if (isSkipped(store, record, plan) || (store === 'items' && target.kind === 'merge')) continue;
      const named = withNewName(store, withNewIds(store, record, plan.ids), record, plan);
      const whole = await withFiles(named, bundle, reportMore);
      if (LAST.includes(store)) last.push({ store, record: whole });
      else if (isFull(store, batch, whole)) {
        await writeBatch(connection, store, batch);
        batch = [whole];
      } else batch.push(whole);
    }
    if (batch.length > 0) await writeBatch(connection, store, batch);
  }
  return last;
}

/** Judgments of one item are stored in one transaction: an item is judged wholly or not at all. */
function isFull(store: BundleStore, batch: readonly AnyRecord[], next: AnyRecord): boolean {
  if (batch.length < AT_ONCE) return false;
  if (store !== 'judgments') return true;
  const [before, after] = [batch.at(-1), next] as RecordOf<'judgments'>[];
  return before!.itemId !== after!.itemId || before!.scope !== after!.scope;
}

function writeBatch(connection: Connection, store: BundleStore, batch: readonly AnyRecord[]): Promise<void> {
  return write(connection, [store], function* (transaction) {
    const stored = transaction.objectStore(store);
    for (const record of batch) {
      if (!SHARED.includes(store)) yield stored.put(record);
      else
        yield stored
          .getKey(keyInDatabase(store, record))
          .then((known) => (known === undefined ? stored.put(record) : undefined));
    }
  });
}

/** The step that makes it seen, wholly or not at all. */
async function makeSeen(
  connection: Connection,
  bundle: Bundle,
  plan: MergePlan,
  target: Target,
  last: Last,
): Promise<void> {
  const { project } = bundle.manifest;
  const names = ['projects', 'runs', 'labRuns', 'adapters'] as const;
  if (target.kind === 'merge') {
    const there = await connection.use((database) => database.get('projects', target.projectId));
    if (!there || there.deleted !== undefined) throw new NoSuchProjectError(target.projectId);
  }
  await write(
    connection,
    [...names],
    function* (transaction) {
      if (target.kind === 'new')
        yield transaction
          .objectStore('projects')
          .put({ ...project, id: plan.ids.project, name: target.name });
      for (const { store, record } of last)
        yield transaction.objectStore(store as 'runs').put(record as never);
    },
    { strict: true },
  );
}

function isSkipped(store: BundleStore, record: AnyRecord, plan: MergePlan): boolean {
  if (store === 'labRuns') return plan.skippedLabRuns.has((record as RecordOf<'labRuns'>).id);
  const { skippedRuns } = plan;
  if (store === 'runs') return skippedRuns.has((record as RecordOf<'runs'>).id);
  if ('runId' in record) return skippedRuns.has(record.runId);
  const [kind, run = ''] = (judgmentIdOf(store, record) ?? '').split('/');
  return kind === 'sample' && skippedRuns.has(run);
}

/** A copy beside a run of the same name says so. */
function withNewName(
  store: BundleStore,
  renamed: AnyRecord,
  original: AnyRecord,
  plan: MergePlan,
): AnyRecord {
  if (store !== 'runs' && store !== 'labRuns') return renamed;
  const name = plan.names.get((original as RecordOf<'runs'>).id);
  return name === undefined ? renamed : { ...renamed, name };
}

async function withFiles(
  record: AnyRecord,
  bundle: Bundle,
  report: (bytes: number) => void,
): Promise<AnyRecord> {
  const found = Object.entries(record).find(([, value]) => value instanceof FileInBundle);
  if (!found) return record;
  const [key, { path }] = found as [string, FileInBundle];
  return { ...record, [key]: await bundle.file(path, report) };
}

const keyInDatabase = (store: BundleStore, record: AnyRecord): never => {
  const key = keyOf(store, record as never);
  return (key.length === 1 ? key[0] : key) as never;
};
