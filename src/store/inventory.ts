import type { StoreNames } from 'idb';
import type { Connection } from './connection.ts';
import type { Database } from './database.ts';
import { listedName } from './readable.ts';
import type { Schema } from './schema.ts';
import { sizeOf } from './size-of.ts';

/** Something stored that can be deleted by itself, and about how much room it takes. */
export interface Sized {
  id: string;
  name: string;
  bytes: number;
  deleted: boolean;
}

export interface SizedProject extends Sized {
  /** All of it, its runs included. */
  total: number;
  runs: Sized[];
  labRuns: Sized[];
}

/** What is stored, by what it belongs to. */
export interface Inventory {
  projects: SizedProject[];
  /** Judgments and readings that methods share, and judges that no run names: made again when they are needed. */
  shared: number;
  adapters: number;
}

/** Records read at once: their values are in memory together. */
const AT_ONCE = 400;
type StoreName = StoreNames<Schema>;
type Sizes = Map<string, number>;

/** Measures every record in the database. Reads all of it, so do it in a worker. */
export async function takeInventory(connection: Connection): Promise<Inventory> {
  return connection.use(async (database) => {
    const owner = await ownersOf(database);
    const sizes: Sizes = new Map();
    const adapters = await measure(database, 'adapters', () => 'adapters', sizes);
    for (const [name, ownerOf] of Object.entries(owner) as [StoreName, (value: never) => string][])
      await measure(database, name, ownerOf as (value: unknown) => string, sizes);
    const projects = await listProjects(database, sizes);
    const listed = projects.flatMap(({ id, runs, labRuns }) => [
      id,
      ...[...runs, ...labRuns].map((one) => one.id),
    ]);
    for (const id of listed) sizes.delete(id);
    sizes.delete('adapters');
    return { projects, adapters, shared: [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0) };
  });
}

/** Whose each record is, by the id of a project, a run or a lab's run; 'shared' where it is nobody's own. */
async function ownersOf(database: Database) {
  const rounds = await database.getAll('rounds');
  const trainedBy = new Map(rounds.map(({ runId, policyOut }) => [policyOut, runId]));
  const ofRun = ({ runId }: { runId: string }) => runId;
  const ofScope = (scope: string) => (scope.startsWith('sample/') ? scope.split('/')[1]! : 'shared');
  return {
    projects: ({ id }: Schema['projects']['value']) => id,
    items: ({ projectId }: Schema['items']['value']) => projectId,
    runs: ({ id }: Schema['runs']['value']) => id,
    labRuns: ({ id }: Schema['labRuns']['value']) => id,
    rounds: ofRun,
    pairs: ofRun,
    decisions: ofRun,
    trainingStates: ofRun,
    steps: ofRun,
    snapshots: ofRun,
    judgments: ({ scope }: Schema['judgments']['value']) => ofScope(scope),
    tokens: ({ id }: Schema['tokens']['value']) => ofScope(id),
    references: ({ judgmentId }: Schema['references']['value']) => ofScope(judgmentId),
    readings: ({ key }: Schema['readings']['value']) => ofScope(key),
    policies: ({ hash }: Schema['policies']['value']) => trainedBy.get(hash) ?? 'shared',
  };
}

async function measure(
  database: Database,
  name: StoreName,
  ownerOf: (value: unknown) => string,
  sizes: Sizes,
): Promise<number> {
  let range: IDBKeyRange | null = null;
  let sum = 0;
  for (;;) {
    const { store } = database.transaction(name);
    const [keys, values] = await Promise.all([
      store.getAllKeys(range, AT_ONCE),
      store.getAll(range, AT_ONCE),
    ]);
    for (const value of values) {
      const bytes = sizeOf(value);
      sum += bytes;
      const owner = ownerOf(value);
      sizes.set(owner, (sizes.get(owner) ?? 0) + bytes);
    }
    if (keys.length < AT_ONCE) return sum;
    range = IDBKeyRange.lowerBound(keys.at(-1)!, true);
  }
}

async function listProjects(database: Database, sizes: Sizes): Promise<SizedProject[]> {
  const runs = await database.getAll('runs');
  const labRuns = await database.getAll('labRuns');
  const sized = ({ id, name, deleted }: Pick<Schema['runs']['value'], 'id' | 'name' | 'deleted'>): Sized => ({
    id,
    name: listedName({ id, name }),
    bytes: sizes.get(id) ?? 0,
    deleted: deleted !== undefined,
  });
  const bySize = (a: Sized, b: Sized) => b.bytes - a.bytes;
  const projects = (await database.getAll('projects')).map((project) => {
    const of = (
      all: readonly (Pick<Schema['runs']['value'], 'id' | 'name' | 'deleted'> & { projectId: string })[],
    ) =>
      all
        .filter(({ projectId }) => projectId === project.id)
        .map(sized)
        .sort(bySize);
    const own = { ...sized(project), runs: of(runs), labRuns: of(labRuns) };
    const total = [own, ...own.runs, ...own.labRuns].reduce((sum, { bytes }) => sum + bytes, 0);
    return { ...own, total };
  });
  return projects.sort((a, b) => b.total - a.total);
}
