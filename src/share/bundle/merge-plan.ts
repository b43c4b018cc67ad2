import { newId } from '../../harness/new-id.ts';
import type { Connection } from '../../store/connection.ts';
import type { Project } from '../../store/project.ts';
import type { Checked } from './check-bundle.ts';
import { DIGESTED, Digests } from './digests.ts';
import type { NewIds } from './new-ids.ts';
import { ProjectRecords } from './project-records.ts';

/** Where a bundle goes: a project of its own, or one that has the same data. */
export type Target = { kind: 'new'; name: string } | { kind: 'merge'; projectId: string };

/** What is to be done with each run of a bundle. */
export interface MergePlan {
  ids: NewIds;
  /** Names of runs that are kept as copies beside others with the same id, by their ids in the bundle. */
  names: ReadonlyMap<string, string>;
  /** Ids in the bundle of runs that are here already. */
  skippedRuns: ReadonlySet<string>;
  skippedLabRuns: ReadonlySet<string>;
}

/** Projects in this browser whose items, labels, division and rubric are those of the bundle. Reads the items of those that may be. */
export async function projectsWithSameData(
  connection: Connection,
  project: Project,
  { digests }: Checked,
): Promise<Project[]> {
  const all = await connection.use((database) => database.getAll('projects'));
  const same: Project[] = [];
  for (const one of all) {
    const sizes = (['train', 'validation', 'heldout'] as const).every(
      (split) => one.counts[split] === project.counts[split],
    );
    if (one.deleted !== undefined || !sizes || one.rubric !== project.rubric) continue;
    const own = new Digests();
    const records = await ProjectRecords.of(connection, { kind: 'projects', id: one.id });
    for await (const record of records.records('items')) own.add('items', record);
    if (own.data === digests.data) same.push(one);
  }
  return same;
}

/**
 * A run that is here with the same content is skipped. One whose id is taken otherwise gets a new id, and a name that
 * tells it from the run beside it.
 */
export async function planMerge(
  connection: Connection,
  project: Project,
  { contents, digests }: Checked,
  target: Target,
): Promise<MergePlan> {
  const here = target.kind === 'merge' ? await knownRuns(connection, target.projectId) : null;
  const skippedRuns = new Set(
    contents.runs
      .filter(({ id }) => here?.runs.has(id) && here.digests.run(id) === digests.run(id))
      .map(({ id }) => id),
  );
  const skippedLabRuns = new Set(
    contents.labRuns
      .filter(({ id }) => here?.labRuns.has(id) && here.digests.labRun(id) === digests.labRun(id))
      .map(({ id }) => id),
  );
  const runs = new Map<string, string>();
  const names = new Map<string, string>();
  const stored = [
    ...contents.runs.filter(({ id }) => !skippedRuns.has(id)),
    ...contents.labRuns.filter(({ id }) => !skippedLabRuns.has(id)),
  ];
  for (const { id, name } of stored) {
    if (!(await isTaken(connection, id))) continue;
    if (!runs.has(id)) runs.set(id, newId());
    if (here?.names.has(name)) names.set(id, freeName(name, here.names));
  }
  const taken = target.kind === 'new' && (await isTaken(connection, project.id));
  const id = target.kind === 'merge' ? target.projectId : taken ? newId() : project.id;
  return { ids: { project: id, runs }, names, skippedRuns, skippedLabRuns };
}

/** Runs of the project, with those in the bin: only what can be seen is the same. */
async function knownRuns(connection: Connection, projectId: string) {
  const records = await ProjectRecords.of(connection, { kind: 'projects', id: projectId });
  const digests = new Digests();
  const runs = new Set<string>();
  const labRuns = new Set<string>();
  const names = new Set<string>();
  for (const store of DIGESTED)
    for await (const record of records.records(store)) {
      digests.add(store, record);
      if (store !== 'runs' && store !== 'labRuns') continue;
      const { id, name } = record as { id: string; name: string };
      (store === 'runs' ? runs : labRuns).add(id);
      names.add(name);
    }
  return { digests, runs, labRuns, names };
}

function isTaken(connection: Connection, id: string): Promise<boolean> {
  return connection.use(async (database) => {
    const known = (['projects', 'runs', 'labRuns'] as const).map((store) => database.getKey(store, id));
    return (await Promise.all(known)).some((key) => key !== undefined);
  });
}

/** "calm otter" → "calm otter (copy)", "calm otter (copy 2)", … */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const free = `${name} (copy${number > 1 ? ` ${number}` : ''})`;
    if (!taken.has(free)) return free;
  }
}
