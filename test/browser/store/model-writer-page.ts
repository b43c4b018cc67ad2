import { proxy, wrap } from 'comlink';
import type { RemoteModelWriter } from '../../../src/store/model-download.ts';
import type { ModelWriter } from '../../../src/store/model-writer.ts';
import workerUrl from '../../../workers/model-writer.worker.ts?worker&url';

/** A writer in a worker as the page has one, on a folder of the test's own; `end` kills it like a closed tab. */
export function openWriter(folder: string): { writer: RemoteModelWriter; end: () => void } {
  const worker = new Worker(workerUrl, { type: 'module' });
  const remote = wrap<ModelWriter>(worker);
  const writer: RemoteModelWriter = {
    begin: (manifest) => remote.begin(manifest, folder),
    openPart: (file) => remote.openPart(file),
    append: (bytes) => remote.append(bytes),
    restart: () => remote.restart(),
    finishPart: (onChecked) => remote.finishPart(proxy(onChecked)),
    closePart: () => remote.closePart(),
  };
  return { writer, end: () => worker.terminate() };
}
