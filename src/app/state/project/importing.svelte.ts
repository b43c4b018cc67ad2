import { newId } from '../../../harness/new-id.ts';
import { proxy, type Remote } from 'comlink';
import type { ImportProblem } from '../../../data/import/errors.ts';
import type { FieldMapping } from '../../../data/import/mapping.ts';
import type { Item } from '../../../judge/item.ts';
import type {
  Answer,
  ConvertedFile,
  DataWork,
  FilePreview,
  ReportProgress,
} from '../../../../workers/data.worker.ts';
import type { Project } from '../../../store/project.ts';
import { judgeEngine } from '../engine/engine.svelte.ts';
import { openDataWork, type OpenDataWork } from './data-work.ts';
import { ImportProgress } from './import-progress.svelte.ts';
import { WorkEnded } from './open-work.ts';
import { project } from './project.svelte.ts';
import { undoHistory } from './undo.svelte.ts';

/** What a file's rows become under the mapping that is chosen. */
export type Converted = Omit<ConvertedFile, 'items'> & { items: Item[] };

/** Items that arrive in one message: more of them would hold the page for a moment. */
const PIECE = 2000;

/** A person's file on its way into a project: opened, mapped, looked at. Nothing of it is stored before `store`. */
export class Importing {
  file = $state.raw<FilePreview | null>(null);
  mapping = $state.raw<FieldMapping | null>(null);
  converted = $state.raw<Converted | null>(null);
  /** Why nothing of the file can be used. */
  problems = $state.raw<readonly ImportProblem[]>([]);
  progress = $state.raw<ImportProgress | null>(null);
  #worker: OpenDataWork | null = null;
  /** Id of the project that is being stored. */
  #storing: string | null = null;
  /** The worker of a file that was discarded and may come back. */
  #aside: OpenDataWork | null = null;

  get busy(): boolean {
    return this.progress !== null;
  }

  async open(file: File): Promise<void> {
    this.close();
    const preview = await this.#ask(new ImportProgress('Reading the file', 'bytes'), (work, report) =>
      work.open(file, report),
    );
    if (!preview) return;
    this.file = preview;
    await this.map(preview.mapping);
  }

  async map(mapping: FieldMapping): Promise<void> {
    this.mapping = mapping;
    this.converted = null;
    const progress = new ImportProgress('Making items of the rows', 'rows');
    const converted = await this.#ask(progress, async (work, report) => {
      const answer = await work.convert(mapping, report);
      return answer.ok
        ? { ok: true, value: { ...answer.value, items: await itemsOf(work, answer.value) } }
        : answer;
    });
    if (converted && this.mapping === mapping) this.converted = converted;
  }

  /** Stores the items as a new project and opens it; null when there is nothing to store, or it was cancelled. */
  async store(name: string): Promise<Project | null> {
    const { mapping } = this;
    if (!this.#worker || !mapping || !this.converted) return null;
    const progress = new ImportProgress('Storing the items', 'items');
    const record = await this.#work(progress, async (work, report) => {
      const { engine } = await judgeEngine.ready();
      const id = newId();
      const facts = { id, name, seedModel: { name: engine.model.name, hash: engine.model.hash } };
      this.#storing = id;
      return project.add({
        stored: () => work.storeFile(mapping, facts, report),
        unstored: () => work.fileProject(mapping, facts),
      });
    });
    if (!record) return null;
    this.close();
    return record;
  }

  /** The rows that are left out, with the reasons, as a file. */
  async leftOutFile(): Promise<Blob | null> {
    return this.#worker ? this.#worker.ask((work) => work.leftOutFile()) : null;
  }

  /** Puts the file away; what was done with it comes back by undo, until another file is opened. */
  async discard(): Promise<void> {
    const { file, mapping, converted } = this;
    const name = file?.name ?? 'The file';
    const opened = this.#worker;
    const redo = async () => {
      this.#aside = opened;
      this.#worker = null;
      this.#show(null, null, null);
    };
    const undo = async () => {
      if (this.#aside !== opened) return;
      this.#aside = null;
      this.#worker = opened;
      this.#show(file, mapping, converted);
    };
    await undoHistory.doAndSay(
      { title: 'discard file', about: 'file', redo, undo },
      `${name} is put away; nothing of it was stored.`,
    );
  }

  #show(file: FilePreview | null, mapping: FieldMapping | null, converted: Converted | null): void {
    this.file = file;
    this.mapping = mapping;
    this.converted = converted;
    this.problems = [];
    this.progress = null;
  }

  /**
   * Ends whatever runs and forgets the file. Resolves with the project where it was stored by then, else with null: what
   * was not wholly stored is not stored at all.
   */
  async cancel(): Promise<Project | null> {
    const storing = this.#storing;
    this.close();
    return storing === null ? null : project.addedBefore(storing);
  }

  /** Ends whatever runs and forgets the file. */
  close(): void {
    this.#storing = null;
    undoHistory.forget('file');
    this.#aside?.close();
    this.#aside = null;
    this.#worker?.close();
    this.#worker = null;
    this.#show(null, null, null);
  }

  /** The worker's answer; null when it was cancelled, and with `problems` filled when the file is at fault. */
  async #ask<T>(
    progress: ImportProgress,
    question: (work: Remote<DataWork>, report: ReportProgress) => Promise<Answer<T>>,
  ): Promise<T | null> {
    this.problems = [];
    try {
      const answer = await this.#work(progress, question);
      if (!answer) return null;
      if (answer.ok) return answer.value;
      this.problems = answer.problems;
    } catch (error) {
      this.problems = [{ line: null, message: error instanceof Error ? error.message : String(error) }];
    }
    return null;
  }

  /** What the worker gives back, shown while it works; null when it was cancelled. */
  async #work<T>(
    progress: ImportProgress,
    question: (work: Remote<DataWork>, report: ReportProgress) => Promise<T>,
  ): Promise<T | null> {
    const worker = (this.#worker ??= openDataWork());
    this.progress = progress;
    const report = proxy((done: number, total: number) => progress.report(done, total));
    try {
      return await worker.ask((work) => question(work, report));
    } catch (error) {
      if (error instanceof WorkEnded) return null;
      // A worker that failed may be in any state: the file has to be opened again.
      if (worker === this.#worker) this.close();
      throw error;
    } finally {
      if (this.progress === progress) this.progress = null;
    }
  }
}

async function itemsOf(work: Remote<DataWork>, { items: count }: ConvertedFile): Promise<Item[]> {
  const items: Item[] = [];
  while (items.length < count) items.push(...(await work.itemsFrom(items.length, PIECE)));
  return items;
}
