import type { Remote } from 'comlink';
import type { DataWork } from '../../../../workers/data.worker.ts';
import workerUrl from '../../../../workers/data.worker.ts?worker&url';
import { openWork, type OpenWork } from './open-work.ts';

/** A worker for data sets. */
export type OpenDataWork = OpenWork<DataWork>;

export function openDataWork(): OpenDataWork {
  return openWork(
    workerUrl,
    (reason) =>
      `The part of the page that works on data files stopped (${reason}). ` +
      'Nothing was stored. Try again; a large file may need to be split.',
  );
}

/** Opens a worker for one piece of work. */
export async function inDataWorker<T>(piece: (work: Remote<DataWork>) => Promise<T>): Promise<T> {
  const { ask, close } = openDataWork();
  try {
    return await ask(piece);
  } finally {
    close();
  }
}
