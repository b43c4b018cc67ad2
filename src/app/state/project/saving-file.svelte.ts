import { proxy } from 'comlink';
import type { Saved } from '../../../share/bundle/project-records.ts';
import { APP_VERSION } from '../../../harness/app-version.ts';
import { saveFile } from '../shell/save-file.ts';
import { toasts } from '../shell/toasts.svelte.ts';
import { openBundleWork, type OpenBundleWork } from './bundle-work.ts';
import { fileCopies } from './file-copies.svelte.ts';
import { fileName } from './file-name.ts';
import { ImportProgress } from './import-progress.svelte.ts';
import { WorkEnded } from './open-work.ts';

/** A project, or a run of it, on its way into a file. One at a time. */
class SavingFile {
  /** Id of what is being saved. */
  id = $state<string | null>(null);
  progress = $state.raw<ImportProgress | null>(null);
  #worker: OpenBundleWork | null = null;

  /** Hands the file to the reader, and gives it. Null when it was cancelled, or another one is being made. */
  async save({ kind, id, name }: Saved & { name: string }): Promise<Blob | null> {
    if (this.#worker) return null;
    const worker = openBundleWork();
    const progress = new ImportProgress('Saving as a file', 'records');
    this.#worker = worker;
    this.id = id;
    this.progress = progress;
    const report = proxy((done: number, total: number) => progress.report(done, total));
    try {
      const file = await worker.ask((work) => work.save({ kind, id }, APP_VERSION, report));
      saveFile(`${fileName(name)}.zip`, file);
      if (kind === 'projects') fileCopies.note(id);
      return file;
    } catch (error) {
      if (error instanceof WorkEnded) return null;
      throw error;
    } finally {
      worker.close();
      this.#worker = null;
      this.id = null;
      this.progress = null;
    }
  }

  /** The same, where nobody waits for it. */
  saveAndSay(what: Saved & { name: string }): void {
    this.save(what).then(
      (saved) => {
        if (saved) toasts.say(`${what.name} is saved as a file.`);
      },
      (error: unknown) => toasts.fail(error),
    );
  }

  cancel(): void {
    this.#worker?.close();
  }
}

export const savingFile = new SavingFile();
