import { ownName } from '../../../harness/own-name.ts';
import type { Item, Split } from '../../../judge/item.ts';
import type { Run } from '../../../rationalize/records.ts';
import type { RunStore } from '../../../rationalize/run-store.ts';
import type { LabRunStore } from '../../../harness/lab-run-store.ts';
import { BUILT_IN_SOURCE } from '../../../data/built-in-source.ts';
import { eraseEverything, removeAllModels } from '../../../store/erase.ts';
import { forgetAllKept } from '../job/kept-jobs.ts';
import { MemoryProjects } from '../../../store/memory-projects.ts';
import type { UnstoredProject } from '../../../../workers/data.worker.ts';
import type { Project } from '../../../store/project.ts';
import { NoSuchProjectError } from '../../../store/projects.ts';
import { dataChanges, type DataChange } from './data-changes.ts';
import { inDataWorker } from './data-work.ts';
import { judgeEngine } from '../engine/engine.svelte.ts';
import { EMBEDDED_JUDGE, rememberAdapter, rememberModel } from '../models/judge-model.ts';
import { explainFailure } from '../engine/failure.ts';
import { shell } from '../shell/shell.svelte.ts';
import { fileCopies } from './file-copies.svelte.ts';
import { room } from './room.svelte.ts';
import { storedData, type Records } from './stored-data.svelte.ts';

/** How a worker makes a project: stored, or handed over where the browser stores nothing. */
export interface MakeProject {
  stored: () => Promise<Project>;
  unstored: () => Promise<UnstoredProject>;
}

const KEY = ownName('judge-playground.project');
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
  #records: Records | null = null;
  #opening: Promise<void> | null = null;

  constructor() {
    dataChanges.listen((change) => void this.#hear(change).catch(() => undefined));
    // Cleared site data end the connection, too: what was on show may be gone.
    storedData.onReopened = () => void this.reread().catch(() => undefined);
  }

  get id(): string {
    return this.#opened().record.id;
  }

  get store(): RunStore {
    return this.#opened().store;
  }

  get labRuns(): LabRunStore {
    return this.#opened().labRuns;
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

  /** Makes a project that a worker stores, and opens it. Where nothing can be stored it is kept for this visit. */
  async add(making: MakeProject): Promise<Project> {
    await this.open();
    const made = await this.#make(making);
    await this.use(made.id);
    dataChanges.tell({ type: 'projects' });
    return made;
  }

  /**
   * Whether a project that was to be added is there although its worker was ended; the list then shows it. The answer
   * waits for what the worker had begun to write, which is committed or taken back.
   */
  async addedBefore(id: string): Promise<Project | null> {
    await this.reread();
    return this.all.find((one) => one.id === id) ?? null;
  }

  /** Reads the list of projects and runs again; another project is opened where the one on show is gone. */
  async reread(): Promise<void> {
    // In memory there is nothing that another tab or the bin could have changed.
    if (!this.#records?.connection || !this.record) return;
    const { projects } = this.#records;
    this.all = await projects.all();
    const record = this.all.find(({ id }) => id === this.record?.id);
    if (record) {
      this.runs = (await projects.runs(record.id)).reverse();
      this.record = record;
      shell.project = record.name;
      return;
    }
    await this.#guarded(() => this.#showAny());
  }

  noteRun(run: Run): void {
    dataChanges.tellSoon({ type: 'runs', projectId: run.projectId, id: run.id });
    if (run.projectId !== this.record?.id) return;
    const others = this.runs.filter((one) => one.id !== run.id);
    this.runs = [run, ...others].sort((a, b) => b.created - a.created);
  }

  /** Erases all that this copy of the page keeps in this browser, and begins anew. Ask before. */
  async eraseEverything(): Promise<void> {
    const { connection } = await storedData.open();
    if (connection) await eraseEverything(connection);
    await forgetAllKept();
    await removeAllModels();
    await (await import('../shell/keep-offline.ts')).forgetOffline();
    rememberModel(EMBEDDED_JUDGE);
    rememberAdapter(null);
    remember(null);
    fileCopies.forgetAll();
    dataChanges.tell({ type: 'erased' });
    location.reload();
  }

  #opened(): { store: RunStore; labRuns: LabRunStore; record: Project } {
    if (!this.#records || !this.record) throw new Error('The project is not open yet.');
    return { ...this.#records, record: this.record };
  }

  async #hear(change: DataChange): Promise<void> {
    if (change.type === 'erased') location.reload();
    const concerns = change.type === 'runs' && change.projectId === this.record?.id;
    if (change.type === 'projects' || concerns) await this.reread();
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
    this.#records ??= await storedData.open();
    await this.#showAny();
  }

  /** The project of the last visit, else the newest, else the built-in one. */
  async #showAny(): Promise<void> {
    const all = await this.#records!.projects.all();
    const known = all.find(({ id }) => id === remembered()) ?? all[0];
    await this.#show((known ?? (await this.#makeMicroProject())).id);
  }

  async #show(id: string): Promise<void> {
    const { projects } = this.#records!;
    const record = await projects.get(id);
    if (record.deleted !== undefined) throw new NoSuchProjectError(id);
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
    shell.projectId = id;
    remember(id);
  }

  /** The project that everybody begins with. */
  async #makeMicroProject(): Promise<Project> {
    const { engine } = await judgeEngine.ready();
    const facts = {
      name: 'Micro-judging tasks',
      seedModel: { name: engine.model.name, hash: engine.model.hash },
    };
    return this.#make({
      stored: () => inDataWorker((work) => work.storeMicro(facts)),
      unstored: () => inDataWorker((work) => work.microProject(facts)),
    });
  }

  async #make({ stored, unstored }: MakeProject): Promise<Project> {
    const { projects } = this.#records!;
    if (!(projects instanceof MemoryProjects)) return room.whileFull(stored);
    const { project, items } = await unstored();
    await projects.keep(project, items);
    return project;
  }
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
