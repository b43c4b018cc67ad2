import type { FileRuns } from '../../../share/bundle/bundle-runs.ts';
import { openBundleWork } from './bundle-work.ts';
import { ImportProgress } from './import-progress.svelte.ts';
import { WorkEnded } from './open-work.ts';

/** A project's file that is looked at beside others. Nothing of it is stored. */
export interface ComparedFile {
  /** Tells files of the same name apart. */
  id: string;
  name: string;
  runs: FileRuns['runs'];
}

/** A class's hand-ins: as many as fit on a page that scrolls. */
export const MOST_FILES = 200;

/** Files of projects whose runs stand beside those of this browser, for as long as the page is open. */
export class ComparedFiles {
  files = $state.raw<readonly ComparedFile[]>([]);
  /** Files that could not be read, in words. */
  problems = $state.raw<readonly string[]>([]);
  progress = $state.raw<ImportProgress | null>(null);
  #cancel: (() => void) | null = null;
  #opened = 0;

  /** Reads them one after the other; one that cannot be read does not keep the others. */
  async open(chosen: readonly File[]): Promise<void> {
    this.#cancel?.();
    this.problems = [];
    const taken = chosen.slice(0, MOST_FILES - this.files.length);
    const progress = new ImportProgress('Reading files', 'files');
    const worker = openBundleWork();
    this.#cancel = () => worker.close();
    this.progress = progress;
    try {
      for (const [index, file] of taken.entries()) {
        progress.report(index, taken.length);
        if (!(await this.#read(file, (one) => worker.ask((work) => work.runs(one))))) return;
      }
      if (taken.length < chosen.length)
        this.problems = [
          ...this.problems,
          `At most ${MOST_FILES} files are compared; the rest was left out.`,
        ];
    } finally {
      worker.close();
      if (this.progress === progress) this.progress = null;
    }
  }

  cancel(): void {
    this.#cancel?.();
  }

  /** Takes all files off the page. */
  close(): void {
    this.cancel();
    this.files = [];
    this.problems = [];
  }

  /** Whether to go on. */
  async #read(file: File, runsOf: (file: File) => Promise<FileRuns>): Promise<boolean> {
    try {
      const { runs } = await runsOf(file);
      const name = file.name.replace(/\.zip$/i, '');
      if (runs.length === 0) this.problems = [...this.problems, `${file.name} holds no run to compare.`];
      else this.files = [...this.files, { id: String(++this.#opened), name, runs }];
    } catch (error) {
      if (error instanceof WorkEnded) return false;
      const why = error instanceof Error ? error.message : String(error);
      this.problems = [...this.problems, `${file.name} was left out. ${why}`];
    }
    return true;
  }
}
