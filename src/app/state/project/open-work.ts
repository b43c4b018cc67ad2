import { releaseProxy, wrap, type Remote } from 'comlink';
import { trustedWorkerUrl } from '../../../../workers/trusted-url.ts';

/** A worker for one piece of work after the other, and how to end it. */
export interface OpenWork<Work> {
  /** The worker's answer; rejected when it dies, and with WorkEnded when it is closed before. */
  ask: <T>(question: (work: Remote<Work>) => Promise<T>) => Promise<T>;
  /** Ends the worker at once, whatever it does. Once is enough, and twice does no harm. */
  close: () => void;
}

/** The work was cancelled. */
export class WorkEnded extends Error {
  override name = 'WorkEnded';
}

/** The worker died, most likely of something that is too large for this device. */
export class WorkerDiedError extends Error {
  override name = 'WorkerDiedError';
}

/** @param inWords what is said when the worker dies, from its own reason */
export function openWork<Work>(workerUrl: string, inWords: (reason: string) => string): OpenWork<Work> {
  const worker = new Worker(trustedWorkerUrl(workerUrl), { type: 'module' });
  const work = wrap<Work>(worker);
  let closed = false;
  const ended = Promise.withResolvers<never>();
  // Nobody may be asking when it ends.
  ended.promise.catch(() => undefined);
  worker.onerror = ({ message }) => ended.reject(new WorkerDiedError(inWords(message || 'no reason given')));
  return {
    ask: (question) => Promise.race([question(work), ended.promise]),
    close: () => {
      if (closed) return;
      closed = true;
      ended.reject(new WorkEnded('Cancelled.'));
      work[releaseProxy]();
      worker.terminate();
    },
  };
}
