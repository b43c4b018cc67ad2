import { releaseProxy, wrap } from 'comlink';
import type { FieldValues } from '../../../harness/fields.ts';
import { trustedWorkerUrl } from '../../../../workers/trusted-url.ts';
import type { AnalysedFile, VerdictWork } from '../../../../workers/verdicts.worker.ts';
import workerUrl from '../../../../workers/verdicts.worker.ts?worker&url';

/** Reads and analyses a file of verdicts in a worker of its own. @throws Error that says in words what is wrong with it */
export async function analyseFile(labId: string, file: File, settings: FieldValues): Promise<AnalysedFile> {
  const worker = new Worker(trustedWorkerUrl(workerUrl), { type: 'module' });
  const work = wrap<VerdictWork>(worker);
  try {
    return await work.analyse(labId, file, settings);
  } finally {
    work[releaseProxy]();
    worker.terminate();
  }
}
