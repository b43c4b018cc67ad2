import { proxy, type Remote } from 'comlink';
import type { BundleWork, OpenedBundle } from '../../../../workers/bundle.worker.ts';
import type { Imported } from '../../../share/bundle/import-bundle.ts';
import type { Target } from '../../../share/bundle/merge-plan.ts';
import { openBundleWork, type OpenBundleWork } from './bundle-work.ts';
import { dataChanges } from './data-changes.ts';
import { ImportProgress } from './import-progress.svelte.ts';
import { WorkEnded } from './open-work.ts';
import { project } from './project.svelte.ts';
import { room } from './room.svelte.ts';
import { inStorageWorker } from './storage-work.ts';

/** A project's file on its way into this browser: looked through first, and nothing of it is stored before `store`. */
export class OpeningFile {
  name = $state<string | null>(null);
  opened = $state.raw<OpenedBundle | null>(null);
  progress = $state.raw<ImportProgress | null>(null);
  /** Why the file cannot be taken. */
  problem = $state<string | null>(null);
  #worker: OpenBundleWork | null = null;
  #storing = false;

  async open(file: File): Promise<void> {
    this.close();
    this.name = file.name;
    try {
      this.opened = await this.#work('Looking through the file', (work, report) => work.open(file, report));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.problem = `${file.name} cannot be opened. ${why} Nothing of it was stored.`;
    }
  }

  /** Stores the file, and opens its project; null when it was cancelled. */
  async store(target: Target): Promise<Imported | null> {
    await project.open();
    this.#storing = true;
    try {
      const imported = await room.whileFull(() =>
        this.#work('Storing the file', (work, report) => work.store(target, report)),
      );
      if (!imported) return null;
      dataChanges.tell({ type: 'projects' });
      await project.use(imported.projectId);
      this.#storing = false;
      this.close();
      return imported;
    } finally {
      this.#storing = false;
    }
  }

  /** Ends whatever runs; nothing is stored of a file that was not stored whole. */
  close(): void {
    this.#worker?.close();
    this.#worker = null;
    this.name = null;
    this.opened = null;
    this.problem = null;
    this.progress = null;
    if (this.#storing) void this.#tidy().catch(() => undefined);
  }

  /** Its lock fell with the worker. What was seen by then is stored whole, and the list shows it. */
  async #tidy(): Promise<void> {
    await inStorageWorker((work) => work.sweepUnfinishedImports());
    await project.reread();
  }

  async #work<T>(
    label: string,
    piece: (work: Remote<BundleWork>, report: (done: number, total: number) => void) => Promise<T>,
  ): Promise<T | null> {
    const worker = (this.#worker ??= openBundleWork());
    const progress = new ImportProgress(label, 'bytes');
    this.progress = progress;
    const report = proxy((done: number, total: number) => progress.report(done, total));
    try {
      return await worker.ask((work) => piece(work, report));
    } catch (error) {
      if (error instanceof WorkEnded) return null;
      throw error;
    } finally {
      if (this.progress === progress) this.progress = null;
    }
  }
}
