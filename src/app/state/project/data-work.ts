import { releaseProxy, wrap, type Remote } from 'comlink';
import type { DataWork } from '../../../../workers/data.worker.ts';
import workerUrl from '../../../../workers/data.worker.ts?worker&url';
import { trustedWorkerUrl } from '../../../../workers/trusted-url.ts';

/** A worker for data sets, and how to end it. */
export interface OpenDataWork {
  /** The worker's answer; rejected when it dies, and with DataWorkEnded when it is closed before. */
  ask: <T>(question: (work: Remote<DataWork>) => Promise<T>) => Promise<T>;
  /** Ends the worker at once, whatever it does. */
  close: () => void;
}

/** The work was cancelled. */
export class DataWorkEnded extends Error {
  override name = 'DataWorkEnded';
}

/** The worker died, most likely of a file that is too large for this device. */
export class DataWorkerError extends Error {
  override name = 'DataWorkerError';
}

export function openDataWork(): OpenDataWork {
  const worker = new Worker(trustedWorkerUrl(workerUrl), { type: 'module' });
  const work = wrap<DataWork>(worker);
  const ended = Promise.withResolvers<never>();
  // Nobody may be asking when it ends.
  ended.promise.catch(() => undefined);
  worker.onerror = ({ message }) =>
    ended.reject(
      new DataWorkerError(
        `The part of the page that works on data files stopped (${message || 'no reason given'}). ` +
          'Nothing was stored. Try again; a large file may need to be split.',
      ),
    );
  return {
    ask: (question) => Promise.race([question(work), ended.promise]),
    close: () => {
      ended.reject(new DataWorkEnded('Cancelled.'));
      work[releaseProxy]();
      worker.terminate();
    },
  };
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
