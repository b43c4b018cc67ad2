import type { Remote } from 'comlink';
import type { BundleWork } from '../../../../workers/bundle.worker.ts';
import workerUrl from '../../../../workers/bundle.worker.ts?worker&url';
import { openWork, type OpenWork } from './open-work.ts';

/** A worker for projects as files. */
export type OpenBundleWork = OpenWork<BundleWork>;

export function openBundleWork(): OpenBundleWork {
  return openWork(
    workerUrl,
    (reason) =>
      `The part of the page that works on project files stopped (${reason}). Nothing was lost; try again.`,
  );
}

/** Opens a worker for one piece of work; a signal ends it. */
export async function inBundleWorker<T>(
  piece: (work: Remote<BundleWork>) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const { ask, close } = openBundleWork();
  signal?.addEventListener('abort', close);
  try {
    return await ask(piece);
  } finally {
    close();
  }
}
