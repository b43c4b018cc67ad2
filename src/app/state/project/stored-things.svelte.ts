import { AdapterStore } from '../../../store/adapter-store.ts';
import type { Inventory, Sized, SizedProject } from '../../../store/inventory.ts';
import { ModelLibrary } from '../../../store/model-library.ts';
import { judgeEngine } from '../engine/engine.svelte.ts';
import { runningJob } from '../job/job.svelte.ts';
import { adapterShelf } from '../models/adapter-shelf.svelte.ts';
import { modelShelf } from '../models/model-library.svelte.ts';
import { saveFile } from '../shell/save-file.ts';
import { dataChanges } from './data-changes.ts';
import { fileName } from './file-name.ts';
import { project } from './project.svelte.ts';
import { room } from './room.svelte.ts';
import { savingFile } from './saving-file.svelte.ts';
import { inStorageWorker } from './storage-work.ts';

export type ThingKind = 'projects' | 'runs' | 'labRuns' | 'models' | 'adapters' | 'shared' | 'bin';

/** Something stored, as the dialog lists it. */
export interface StoredThing {
  kind: ThingKind;
  id: string;
  name: string;
  bytes: number;
  /** Why it must stay for now; null where it may go. */
  kept: string | null;
}

/** A project and what was run with it. */
export interface StoredProject extends StoredThing {
  runs: readonly StoredThing[];
}

const IN_WORK = 'A run works with it: cancel that first.';
const IN_USE = 'The judge in use: choose another one first.';

/** Everything that is stored, by size, and how to be rid of it. */
class StoredThings {
  measuring = $state(false);
  failure = $state<string | null>(null);
  projects = $state.raw<readonly StoredProject[]>([]);
  models = $state.raw<readonly StoredThing[]>([]);
  adapters = $state.raw<readonly StoredThing[]>([]);
  /** The bin, and what runs share. */
  others = $state.raw<readonly StoredThing[]>([]);

  /** Measures everything anew. */
  async refresh(): Promise<void> {
    this.measuring = true;
    this.failure = null;
    try {
      const [inventory] = await Promise.all([
        inStorageWorker((work) => work.inventory()),
        modelShelf.refresh(),
        adapterShelf.refresh(),
      ]);
      this.#show(inventory);
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
    } finally {
      this.measuring = false;
    }
  }

  /** Deletes it for good. Who waits for room goes on as soon as there is enough. */
  async remove(thing: StoredThing): Promise<void> {
    await this.#remove(thing);
    if (thing.kind !== 'models' && thing.kind !== 'adapters') {
      dataChanges.tell({ type: 'projects' });
      await project.reread();
    }
    await this.refresh();
    if (room.waiting && (room.needed === null || (await room.prove(room.needed)))) room.goOn();
  }

  /** Hands it to the reader as a file, or as the files that it consists of. */
  async save(thing: StoredThing): Promise<void> {
    const { kind, id, name } = thing;
    if (kind === 'projects' || kind === 'runs' || kind === 'labRuns')
      await savingFile.save({ kind, id, name });
    if (kind === 'models')
      for (const [path, file] of await (await ModelLibrary.open()).files(id))
        saveFile(`${fileName(name)}-${path}`, file);
    if (kind === 'adapters') saveFile(`${fileName(name)}.safetensors`, await adapterWeights(id));
  }

  async #remove({ kind, id }: StoredThing): Promise<void> {
    if (kind === 'models') return modelShelf.remove(id);
    if (kind === 'adapters') return adapterShelf.remove(id);
    await inStorageWorker(async (work) => {
      if (kind === 'bin') await work.emptyBin();
      else if (kind === 'shared') await work.forgetShared();
      else await work.deleteForGood({ [kind]: [id] });
    });
  }

  #show({ projects, shared }: Inventory): void {
    const binned = projects.filter(({ deleted }) => deleted).reduce((sum, { total }) => sum + total, 0);
    const binnedRuns = projects
      .filter(({ deleted }) => !deleted)
      .flatMap(({ runs, labRuns }) => [...runs, ...labRuns])
      .filter(({ deleted }) => deleted)
      .reduce((sum, { bytes }) => sum + bytes, 0);
    this.projects = projects.filter(({ deleted }) => !deleted).map(storedProject);
    this.models = modelShelf.stored.map(({ manifest: { name }, bytes }) => ({
      kind: 'models',
      id: name,
      name,
      bytes,
      kept: judgeEngine.model.kind === 'stored' && judgeEngine.model.name === name ? IN_USE : null,
    }));
    this.adapters = adapterShelf.stored.map(({ id, name, bytes }) => ({
      kind: 'adapters',
      id,
      name,
      bytes,
      kept: judgeEngine.adapter?.id === id ? IN_USE : null,
    }));
    this.others = [
      { kind: 'bin', id: 'bin', name: 'The bin', bytes: binned + binnedRuns, kept: null } as const,
      {
        kind: 'shared',
        id: 'shared',
        name: 'Answers that runs share',
        bytes: shared,
        kept: inWork(),
      } as const,
    ].filter(({ bytes }) => bytes > 0);
  }
}

const inWork = () => (runningJob.active ? IN_WORK : null);

function storedProject(sized: SizedProject): StoredProject {
  const thing =
    (kind: 'runs' | 'labRuns') =>
    (run: Sized): StoredThing => ({
      kind,
      id: run.id,
      name: run.name,
      bytes: run.bytes,
      kept: runningJob.active && runningJob.runId === run.id ? IN_WORK : null,
    });
  const all = [
    ...sized.runs.filter(({ deleted }) => !deleted).map(thing('runs')),
    ...sized.labRuns.filter(({ deleted }) => !deleted).map(thing('labRuns')),
  ];
  const working = all.some(({ kept }) => kept !== null) || (inWork() && sized.id === project.record?.id);
  return {
    kind: 'projects',
    id: sized.id,
    name: sized.name,
    bytes: sized.total,
    kept: working ? IN_WORK : null,
    runs: all.sort((a, b) => b.bytes - a.bytes),
  };
}

async function adapterWeights(id: string): Promise<Blob> {
  const store = await AdapterStore.open();
  try {
    return new Blob([(await store.policy(id)).policy.weights]);
  } finally {
    store.close();
  }
}

export const storedThings = new StoredThings();
