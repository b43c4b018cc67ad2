import type { LabRun } from '../../harness/lab-run.ts';
import type { Connection } from '../../store/connection.ts';
import type { Database } from '../../store/database.ts';
import { NoSuchProjectError } from '../../store/projects.ts';
import type { Project } from '../../store/project.ts';
import { judgmentIdOf, STORES, type AnyRecord, type BundleStore, type RecordOf } from './stores.ts';

/** What is saved: a project with all its runs that are not in the bin, or one run with its project's data. */
export interface Saved {
  kind: 'projects' | 'runs' | 'labRuns';
  id: string;
}

type Key = IDBValidKey;
interface Range {
  lower: Key;
  upper: Key;
}

/** Records read at once. */
const AT_ONCE = 200;

/**
 * Every record of a project, store by store, in the order of their keys. Of the answers that runs share, those about the
 * project's own items: others may quote data of another project. They are made again when they are needed.
 */
export class ProjectRecords {
  private constructor(
    private readonly connection: Connection,
    readonly project: Project,
    private readonly runs: readonly string[],
    private readonly labRuns: readonly string[],
    /** Hashes of every judge that the runs name. */
    private readonly policies: readonly string[],
    private readonly items: ReadonlySet<string>,
  ) {}

  /** @throws NoSuchProjectError */
  static async of(connection: Connection, saved: Saved): Promise<ProjectRecords> {
    const { project, runs, labRuns } = await connection.use((database) => named(database, saved));
    const policies = new Set<string>();
    for (const { id, seedPolicy } of runs) {
      policies.add(seedPolicy);
      for await (const { policyIn, policyOut } of paged(connection, 'rounds', under([id])))
        for (const hash of [policyIn, policyOut]) if (hash !== null) policies.add(hash);
    }
    for (const { judge, others = [] } of labRuns) {
      if (judge) policies.add(judge.hash);
      for (const { policy } of others) policies.add(policy);
    }
    const items = new Set<string>();
    for await (const { item } of paged(connection, 'items', under([project.id]))) items.add(item.id);
    const ids = (all: readonly { id: string }[]) => all.map(({ id }) => id).sort();
    return new ProjectRecords(connection, project, ids(runs), ids(labRuns), [...policies].sort(), items);
  }

  async *records(store: BundleStore): AsyncGenerator<AnyRecord> {
    for (const range of this.#ranges(store))
      for await (const record of paged(this.connection, store, range))
        if (this.#isOwn(store, record)) yield record;
  }

  /** How many records there are to be looked through. */
  async count(): Promise<number> {
    return this.connection.use(async (database) => {
      let sum = 0;
      for (const store of STORES)
        for (const { lower, upper } of this.#ranges(store))
          sum += await database.count(store, IDBKeyRange.bound(lower, upper));
      return sum;
    });
  }

  #ranges(store: BundleStore): Range[] {
    const { project, runs, labRuns, policies } = this;
    switch (store) {
      case 'items':
        return [under([project.id])];
      case 'runs':
        return runs.map(just);
      case 'labRuns':
        return labRuns.map(just);
      case 'policies':
      case 'adapters':
        return policies.map(just);
      case 'judgments':
        return this.#scopes().map(startingWith);
      case 'tokens':
        return this.#scopes().map((scope) => ({ lower: scope, upper: `${scope}\uffff` }));
      case 'references':
        // Named by the policy and, where it rounds differently, the backend.
        return policies
          .flatMap((hash) => [hash, `${hash}/`])
          .sort()
          .map((start) => (start.endsWith('/') ? startingWith(start) : under([start])));
      case 'readings':
        return [under([])];
      case 'rounds':
      case 'pairs':
      case 'decisions':
      case 'trainingStates':
      case 'steps':
      case 'snapshots':
        return runs.map((run) => under([run]));
    }
  }

  /** How the scopes of judgments begin that can be the project's, in their order. */
  #scopes(): string[] {
    const { policies, runs } = this;
    return [
      ...policies.map((hash) => `greedy/${hash}/`),
      ...policies.map((hash) => `judged/${hash}/`),
      ...runs.map((run) => `sample/${run}/`),
    ];
  }

  #isOwn(store: BundleStore, record: AnyRecord): boolean {
    const id = judgmentIdOf(store, record);
    return id === null || this.#isOwnJudgment(id);
  }

  /** By a judgment's id: its scope, its item and its sample. */
  #isOwnJudgment(id: string): boolean {
    const [kind, whose = '', ...rest] = id.split('/');
    if (kind === 'sample') return this.runs.includes(whose);
    if (kind !== 'greedy' && kind !== 'judged') return false;
    return this.items.has(rest.at(-2) ?? '') && this.policies.includes(whose);
  }
}

/** The project that is meant, and which of its runs. A run that a lab made has the id of the lab's run. */
async function named(database: Database, { kind, id }: Saved) {
  const projectId = kind === 'projects' ? id : (await database.get(kind, id))?.projectId;
  const stored = projectId === undefined ? undefined : await database.get('projects', projectId);
  if (!stored) throw new NoSuchProjectError(id);
  const { deleted: _, ...project } = stored;
  const isMeant = (run: { id: string; deleted?: number }) =>
    kind === 'projects' ? run.deleted === undefined : run.id === id;
  const runs = (await database.getAllFromIndex('runs', 'byProject', project.id)).filter(isMeant);
  const labRuns: Pick<LabRun, 'id' | 'judge' | 'others'>[] = [];
  for (const key of await database.getAllKeysFromIndex('labRuns', 'byProject', project.id)) {
    // One after the other: their outcomes are large.
    const run = (await database.get('labRuns', key))!;
    const { judge, others = [] } = run;
    if (isMeant(run)) labRuns.push({ id: key, judge, others });
  }
  return { project, runs, labRuns };
}

const just = (key: string): Range => ({ lower: key, upper: key });
const startingWith = (start: string): Range => ({ lower: [start], upper: [`${start}\uffff`, []] });
const under = (parts: string[]): Range => ({ lower: parts, upper: [...parts, []] });

/** Reads a store piece by piece: a project's records are never in memory together. */
async function* paged<Store extends BundleStore>(
  connection: Connection,
  store: Store,
  { lower, upper }: Range,
): AsyncGenerator<RecordOf<Store>> {
  // Outcomes of labs are large, and so are the pairs of a training state.
  const atOnce = store === 'labRuns' || store === 'trainingStates' ? 1 : AT_ONCE;
  let range = IDBKeyRange.bound(lower, upper);
  for (;;) {
    const [keys, values] = await connection.use(async (database) => {
      const opened = database.transaction(store as 'runs').store;
      return Promise.all([opened.getAllKeys(range, atOnce), opened.getAll(range, atOnce)]);
    });
    for (const value of values) yield value;
    const last = keys.at(-1);
    if (last === undefined || keys.length < atOnce || indexedDB.cmp(last, upper) === 0) return;
    range = IDBKeyRange.bound(last, upper, true);
  }
}
