import { ownName } from '../harness/own-name.ts';
import type { Connection } from './connection.ts';
import { deleteForGood } from './deletion.ts';
import { firstParts } from './first-parts.ts';

/** Held while a file is stored: what is there of it belongs to no project yet. */
const LOCK = ownName('judge-playground.import');

/** Thrown when a file is to be stored while another one is. */
export class ImportBusyError extends Error {
  override name = 'ImportBusyError';
  constructor() {
    super('Another tab is just storing a file. Wait until it is done, then try again.');
  }
}

const PARTS_OF_RUN = ['rounds', 'pairs', 'decisions', 'trainingStates', 'steps', 'snapshots'] as const;

/**
 * Stores what nothing shows until its end. Where the work fails, what it stored is deleted; what dies with its tab is
 * swept later.
 * @throws ImportBusyError
 */
export function whileImporting<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  return whileLocked(async (locked) => {
    if (!locked) throw new ImportBusyError();
    await sweep(connection);
    try {
      return await work();
    } catch (error) {
      await sweep(connection).catch(() => undefined);
      throw error;
    }
  });
}

/**
 * Deletes what an import left behind that was cancelled, or died with its tab: items of no project and parts of no run.
 * Nothing happens while some tab stores a file.
 */
export async function sweepUnfinishedImports(connection: Connection): Promise<void> {
  await whileLocked(async (locked) => {
    if (locked) await sweep(connection);
  });
}

/** Over plain HTTP there are no locks: a second tab is then the reader's own care. */
function whileLocked<T>(work: (locked: boolean) => Promise<T>): Promise<T> {
  const locks = navigator.locks as LockManager | undefined;
  return locks ? locks.request(LOCK, { ifAvailable: true }, (lock) => work(lock !== null)) : work(true);
}

async function sweep(connection: Connection): Promise<void> {
  const { projects, runs } = await strays(connection);
  if (projects.length + runs.length > 0) await deleteForGood(connection, { projects, runs });
}

function strays(connection: Connection): Promise<{ projects: string[]; runs: string[] }> {
  return connection.use(async (database) => {
    const transaction = database.transaction(['projects', 'runs', 'items', 'judgments', ...PARTS_OF_RUN]);
    const projects = new Set(await transaction.objectStore('projects').getAllKeys());
    const runs = new Set(await transaction.objectStore('runs').getAllKeys());
    const named = new Set<string>();
    for (const part of PARTS_OF_RUN)
      for (const run of await firstParts(transaction.objectStore(part))) named.add(run);
    for (const scope of await firstParts(transaction.objectStore('judgments')))
      if (scope.startsWith('sample/')) named.add(scope.split('/')[1]!);
    const items = await firstParts(transaction.objectStore('items'));
    return {
      projects: items.filter((id) => !projects.has(id)),
      runs: [...named].filter((id) => !runs.has(id)),
    };
  });
}
