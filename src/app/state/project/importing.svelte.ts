import type { Remote } from 'comlink';
import type { ImportProblem } from '../../../data/import/errors.ts';
import type { FieldMapping } from '../../../data/import/mapping.ts';
import { summarise, type DataSummary } from '../../../data/summary.ts';
import type { Item } from '../../../judge/item.ts';
import type { Answer, DataWork, FilePreview } from '../../../../workers/data.worker.ts';
import type { Project } from '../../../store/project.ts';
import { judgeEngine } from '../engine/engine.svelte.ts';
import { project } from './project.svelte.ts';
import { openDataWork, type OpenDataWork } from './data-work.ts';

/** What a file's rows become under the mapping that is chosen. */
export interface Converted {
  items: Item[];
  duplicates: number;
  summary: DataSummary;
}

/** A person's file on its way into a project: opened, mapped, looked at. Nothing of it is stored here. */
export class Importing {
  busy = $state(false);
  file = $state.raw<FilePreview | null>(null);
  mapping = $state.raw<FieldMapping | null>(null);
  converted = $state.raw<Converted | null>(null);
  problems = $state.raw<readonly ImportProblem[]>([]);
  #opened: OpenDataWork | null = null;

  async open(file: File): Promise<void> {
    this.close();
    const preview = await this.#ask((work) => work.open(file));
    if (!preview) return;
    this.file = preview;
    await this.map(preview.mapping);
  }

  async map(mapping: FieldMapping): Promise<void> {
    this.mapping = mapping;
    this.converted = null;
    const rows = await this.#ask((work) => work.items(mapping));
    if (rows && this.mapping === mapping) this.converted = { ...rows, summary: summarise(rows.items) };
  }

  /** Stores the items as a new project and opens it; null when there is nothing to store. */
  async store(name: string): Promise<Project | null> {
    const { mapping } = this;
    const { work } = this.#opened ?? {};
    if (!work || !mapping || !this.converted) return null;
    const { engine } = await judgeEngine.ready();
    const seedModel = { name: engine.model.name, hash: engine.model.hash };
    this.busy = true;
    try {
      const facts = { name, seedModel };
      const record = await project.add({
        stored: () => work.storeFile(mapping, facts),
        unstored: () => work.fileProject(mapping, facts),
      });
      this.close();
      return record;
    } finally {
      this.busy = false;
    }
  }

  close(): void {
    this.#opened?.close();
    this.#opened = null;
    this.file = null;
    this.mapping = null;
    this.converted = null;
    this.problems = [];
    this.busy = false;
  }

  /** The worker's answer; null, with `problems` filled, when the file is at fault. */
  async #ask<T>(question: (work: Remote<DataWork>) => Promise<Answer<T>>): Promise<T | null> {
    this.busy = true;
    this.problems = [];
    try {
      this.#opened ??= openDataWork();
      const answer = await question(this.#opened.work);
      if (answer.ok) return answer.value;
      this.problems = answer.problems;
    } catch (error) {
      this.problems = [{ line: null, message: error instanceof Error ? error.message : String(error) }];
    } finally {
      this.busy = false;
    }
    return null;
  }
}
