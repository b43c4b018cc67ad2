import type { Connection } from './connection.ts';
import { deleteForGood } from './deletion.ts';
import { firstParts } from './first-parts.ts';

/** Held while a bundle is stored: what is there of it belongs to no project yet. */
export const IMPORT_LOCK = 'judge-playground.import';

const PARTS_OF_RUN = ['rounds', 'pairs', 'decisions', 'trainingStates', 'steps', 'snapshots'] as const;

/**
 * Deletes what an import left behind that was cancelled, or died with its tab: items of no project and parts of no run.
 * Nothing happens while some tab stores a bundle.
 */
export async function sweepUnfinishedImports(connection: Connection): Promise<void> {
  await navigator.locks.request(IMPORT_LOCK, { ifAvailable: true }, async (lock) => {
    if (lock) await sweep(connection);
  });
}

/** The same for who holds the lock. */
export async function sweep(connection: Connection): Promise<void> {
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
