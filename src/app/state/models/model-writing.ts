import { proxy, releaseProxy, transfer, wrap } from 'comlink';
import type { RemoteModelWriter } from '../../../store/model-download.ts';
import type { ModelWriter } from '../../../store/model-writer.ts';
import workerUrl from '../../../../workers/model-writer.worker.ts?worker&url';
import { trustedWorkerUrl } from '../../../../workers/trusted-url.ts';

/** Runs a piece of work with a ModelWriter in a worker of its own, the only place where files are written in place. */
export async function withModelWriter<T>(work: (writer: RemoteModelWriter) => Promise<T>): Promise<T> {
  const worker = new Worker(trustedWorkerUrl(workerUrl), { type: 'module' });
  const remote = wrap<ModelWriter>(worker);
  try {
    return await work({
      begin: (manifest) => remote.begin(manifest),
      openPart: (file) => remote.openPart(file),
      // Moved, not copied: the page needs the bytes no more.
      append: (bytes) => remote.append(transfer(bytes, [bytes.buffer])),
      restart: () => remote.restart(),
      finishPart: (onChecked) => remote.finishPart(proxy(onChecked)),
      closePart: () => remote.closePart(),
    });
  } finally {
    remote[releaseProxy]();
    worker.terminate();
  }
}
