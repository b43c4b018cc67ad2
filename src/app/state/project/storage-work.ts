import { releaseProxy, wrap, type Remote } from 'comlink';
import type { StorageWork } from '../../../../workers/storage.worker.ts';
import workerUrl from '../../../../workers/storage.worker.ts?worker&url';
import { trustedWorkerUrl } from '../../../../workers/trusted-url.ts';

/** Opens a worker for one piece of work on what is stored. */
export async function inStorageWorker<T>(piece: (work: Remote<StorageWork>) => Promise<T>): Promise<T> {
  const worker = new Worker(trustedWorkerUrl(workerUrl), { type: 'module' });
  const work = wrap<StorageWork>(worker);
  try {
    return await piece(work);
  } finally {
    work[releaseProxy]();
    worker.terminate();
  }
}
