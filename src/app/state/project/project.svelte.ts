import type { Item, Split } from '../../../judge/item.ts';
import type { Run } from '../../../rationalize/records.ts';
import type { RunStore } from '../../../rationalize/run-store.ts';
import { openDatabase, type Database } from '../../../store/database.ts';
import type { LabRunStore } from '../../../harness/lab-run-store.ts';
import { BUILT_IN_SOURCE } from '../../../data/built-in-source.ts';
import { DatabaseLabRuns } from '../../../store/lab-runs.ts';
import { DatabaseStore } from '../../../store/database-store.ts';
import { eraseEverything } from '../../../store/erase.ts';
import type { Project } from '../../../store/project.ts';
import { ProjectStore } from '../../../store/projects.ts';
import { inDataWorker } from './data-work.ts';
import { judgeEngine } from '../engine/engine.svelte.ts';
import { explainFailure } from '../engine/failure.ts';
import { shell } from '../shell/shell.svelte.ts';

const KEY = 'judge-playground.project';
const NO_ITEMS: Record<Split, readonly Item[]> = { train: [], validation: [], heldout: [] };

/** The project on show: its items, divided once and for good, and the runs made with them. */
class ProjectState {
  status = $state<'closed' | 'opening' | 'open' | 'failed'>('closed');
  failure = $state<string | null>(null);
  record = $state.raw<Project | null>(null);
  /** Every project in this browser, the newest first. */
  all = $state.raw<readonly Project[]>([]);
  parts = $state.raw(NO_ITEMS);
  itemsById = $state.raw<ReadonlyMap<string, Item>>(new Map());
  /** The newest first. */
  runs = $state.raw<readonly Run[]>([]);
  #database: Database | null = null;
  #store: RunStore | null = null;
  #opening: Promise<void> | null = null;

  get id(): string {
    return this.#opened().record.id;
  }

  get store(): RunStore {
    return this.#opened().store;
  }

  get labRuns(): LabRunStore {
    return new DatabaseLabRuns(this.#opened().database);
  }

  /** Whether there was a visit before this one: opening then needs no judge. */
  get isKnown(): boolean {
    return this.status === 'open' || remembered() !== null;
  }

  /** Whether the items are the reader's, not those of the built-in generator. */
  get hasOwnItems(): boolean {
    return this.record !== null && !this.record.source.startsWith(BUILT_IN_SOURCE);
  }

  /** Opens the project of the last visit, or the built-in one. Calls after the first wait for it. */
  open(): Promise<void> {
    this.#opening ??= this.#guarded(() => this.#open());
    return this.#opening;
  }

  async use(id: string): Promise<void> {
    await this.open();
    await this.#guarded(() => this.#show(id));
  }

  noteRun(run: Run): void {
    if (run.projectId !== this.record?.id) return;
    const others = this.runs.filter((one) => one.id !== run.id);
    this.runs = [run, ...others].sort((a, b) => b.created - a.created);
  }

  /** Erases every project and run in this browser and begins anew. Ask before. */
  async eraseEverything(): Promise<void> {
    await eraseEverything(this.#opened().database);
    remember(null);
    location.reload();
  }

  #opened(): { database: Database; store: RunStore; record: Project } {
    if (!this.#database || !this.#store || !this.record) throw new Error('The project is not open yet.');
    return { database: this.#database, store: this.#store, record: this.record };
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      this.status = 'opening';
      await work();
      this.status = 'open';
    } catch (error) {
      const { what, remedy } = explainFailure(error);
      this.failure = `${what} ${remedy}`;
      this.status = 'failed';
      this.#opening = null;
      throw error;
    }
  }

  async #open(): Promise<void> {
    const lost = (): void =>
      void (this.failure = 'The stored data were closed by another tab. Reload this page.');
    this.#database ??= await openDatabase({ onOutdated: lost, onTerminated: lost });
    this.#store ??= new DatabaseStore(this.#database);
    const all = await new ProjectStore(this.#database).all();
    const known = all.find(({ id }) => id === remembered()) ?? all[0];
    await this.#show((known ?? (await createMicroProject())).id);
  }

  async #show(id: string): Promise<void> {
    const projects = new ProjectStore(this.#database!);
    const record = await projects.get(id);
    const parts = await projects.items(id);
    const runs = await projects.runs(id);
    const all = await projects.all();
    // All at once: who sees the runs may ask for the project and its store.
    this.runs = runs.reverse();
    this.parts = parts;
    this.itemsById = new Map(
      Object.values(parts)
        .flat()
        .map((item) => [item.id, item]),
    );
    this.all = all;
    this.record = record;
    shell.project = record.name;
    remember(id);
  }
}

/** The project that everybody begins with. */
async function createMicroProject(): Promise<Project> {
  const { engine } = await judgeEngine.ready();
  const seedModel = { name: engine.model.name, hash: engine.model.hash };
  return inDataWorker((work) => work.storeMicro({ name: 'Micro-judging tasks', seedModel }));
}

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function remember(id: string | null): void {
  try {
    if (id === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, id);
  } catch {
    // Storage is refused in some private windows; the newest project is shown then.
  }
}

export const project = new ProjectState();
