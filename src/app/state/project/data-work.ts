import { releaseProxy, wrap, type Remote } from 'comlink';
import type { DataWork } from '../../../../workers/data.worker.ts';
import workerUrl from '../../../../workers/data.worker.ts?worker&url';
import { trustedWorkerUrl } from '../../../../workers/trusted-url.ts';

/** A worker for data sets, and how to end it. */
export interface OpenDataWork {
  work: Remote<DataWork>;
  close: () => void;
}

export function openDataWork(): OpenDataWork {
  const worker = new Worker(trustedWorkerUrl(workerUrl), { type: 'module' });
  const work = wrap<DataWork>(worker);
  return {
    work,
    close: () => {
      work[releaseProxy]();
      worker.terminate();
    },
  };
}

/** Opens a worker for one piece of work. */
export async function inDataWorker<T>(piece: (work: Remote<DataWork>) => Promise<T>): Promise<T> {
  const { work, close } = openDataWork();
  try {
    return await piece(work);
  } finally {
    close();
  }
}
