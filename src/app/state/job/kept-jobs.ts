import { ownName } from '../../../harness/own-name.ts';
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { keptJobOf, type KeptJob } from './job-record.ts';

interface Schema extends DBSchema {
  jobs: { key: string; value: KeptJob };
}

/**
 * A database of its own: the page asks it when it starts, before any project is opened. Not localStorage, which Chromium
 * writes to the disk so late that a browser that was killed after 20 seconds had nothing of it.
 */
const NAME = ownName('judge-playground.jobs');

let opening: Promise<IDBPDatabase<Schema>> | null = null;

/** Keeps the job until it is forgotten. Where storage is refused, a run can be continued by hand. */
export async function keepJob(kept: KeptJob): Promise<void> {
  await tried((database) => database.put('jobs', kept, kept.job.runId));
}

export async function forgetKept(runId: string): Promise<void> {
  await tried((database) => database.delete('jobs', runId));
}

/** When everything is erased. */
export async function forgetAllKept(): Promise<void> {
  await tried((database) => database.clear('jobs'));
}

/** Every job that some tab of this browser has under way, or had when it was closed; the last one first. */
export async function keptJobs(): Promise<KeptJob[]> {
  const all = (await tried((database) => database.getAll('jobs'))) ?? [];
  return all.flatMap((kept) => keptJobOf(kept) ?? []).sort((a, b) => b.at - a.at);
}

async function tried<T>(work: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T | null> {
  try {
    opening ??= openDB<Schema>(NAME, 1, {
      upgrade: (database) => void database.createObjectStore('jobs'),
      terminated: () => (opening = null),
    });
    return await work(await opening);
  } catch {
    opening = null;
    return null;
  }
}
