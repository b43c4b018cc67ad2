import { writeZip } from '../model/formats/zip.ts';
import type { Connection } from './connection.ts';
import type { Database } from './database.ts';
import { beginningWith } from './projects.ts';

/** What can be saved as a file before it is deleted. */
export interface Exported {
  kind: 'projects' | 'runs' | 'labRuns';
  id: string;
}

type Files = Map<string, Blob>;

/** Every record of a project, a run or a lab's run, as JSON and weights in a ZIP archive. */
export async function exportRecords(connection: Connection, { kind, id }: Exported): Promise<Blob> {
  const files: Files = new Map();
  await connection.use(async (database) => {
    if (kind === 'projects') await addProject(database, id, files);
    if (kind === 'runs') await addRun(database, id, '', files);
    if (kind === 'labRuns') files.set('run.json', asJson(await database.get('labRuns', id)));
  });
  return writeZip(files);
}

async function addProject(database: Database, id: string, files: Files): Promise<void> {
  files.set('project.json', asJson(await database.get('projects', id)));
  files.set('items.json', asJson(await database.getAll('items', beginningWith([id]))));
  for (const run of await database.getAllKeysFromIndex('runs', 'byProject', id))
    await addRun(database, run, `runs/${run}/`, files);
  for (const run of await database.getAllFromIndex('labRuns', 'byProject', id))
    files.set(`labs/${run.id}.json`, asJson(run));
}

async function addRun(database: Database, id: string, folder: string, files: Files): Promise<void> {
  const own = beginningWith([id]);
  files.set(`${folder}run.json`, asJson(await database.get('runs', id)));
  const rounds = await database.getAll('rounds', own);
  files.set(`${folder}rounds.json`, asJson(rounds));
  for (const part of ['pairs', 'decisions', 'steps', 'snapshots'] as const)
    files.set(`${folder}${part}.json`, asJson(await database.getAll(part, own)));
  const samples = IDBKeyRange.bound([`sample/${id}/`], [`sample/${id}/\uffff`, []]);
  files.set(`${folder}judgments.json`, asJson(await database.getAll('judgments', samples)));
  const tokens = IDBKeyRange.bound(`sample/${id}/`, `sample/${id}/\uffff`);
  files.set(`${folder}tokens.json`, asJson(await database.getAll('tokens', tokens)));
  for (const { number, policyOut } of rounds) {
    const policy = policyOut === null ? undefined : await database.get('policies', policyOut);
    if (!policy) continue;
    const { weights, ...facts } = policy;
    files.set(`${folder}round-${number}.json`, asJson(facts));
    files.set(`${folder}round-${number}.safetensors`, weights);
  }
}

/** Typed arrays become lists of numbers. */
function asJson(value: unknown): Blob {
  const plain = (_key: string, one: unknown): unknown =>
    one instanceof Float32Array || one instanceof Int32Array ? [...one] : one;
  return new Blob([JSON.stringify(value ?? null, plain)], { type: 'application/json' });
}
