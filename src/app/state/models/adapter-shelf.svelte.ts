import { openWeights } from '../../../model/formats/model-weights.ts';
import type { ModelFolder } from '../../../model/formats/model-folder.ts';
import { readAdapter } from '../../../model/formats/peft.ts';
import { AdapterStore } from '../../../store/adapter-store.ts';
import type { AdapterRecord } from '../../../store/adapter-record.ts';
import { adaptedHash } from '../../../harness/adapted-engine.ts';
import { dataChanges } from '../project/data-changes.ts';
import { room } from '../project/room.svelte.ts';
import { sayUnreadable } from '../project/unreadable.ts';
import { judgeEngine } from '../engine/engine.svelte.ts';
import { folderOf } from './judge-model.ts';

/** LoRA adapters in this browser. */
class AdapterShelf {
  stored = $state.raw<readonly AdapterRecord[]>([]);

  constructor() {
    dataChanges.listen(({ type }) => {
      if (type === 'adapters') void this.refresh().catch(() => undefined);
    });
  }

  async refresh(): Promise<void> {
    this.stored = await inStore((store) => store.list());
  }

  /**
   * Checks an adapter in PEFT's layout against the open model, stores it whole, and judges with it.
   * @throws AdapterError, SafetensorsError, StorageFullError …, each with the reason in a sentence; nothing is stored then
   */
  async add(name: string, files: ModelFolder): Promise<void> {
    await judgeEngine.ready();
    const { name: modelName, hash } = judgeEngine.base!;
    const { config } = await openWeights(await folderOf(judgeEngine.model));
    const policy = await readAdapter(files, config);
    const { kind: _, weights, ...facts } = policy;
    const id = await adaptedHash(hash, policy);
    const record = {
      ...facts,
      id,
      name: this.#free(name, id),
      model: { name: modelName, hash },
      bytes: weights.byteLength,
    };
    await inStore((store) => store.put({ ...record, weights: new Blob([weights]) }));
    dataChanges.tell({ type: 'adapters' });
    await this.refresh();
    await judgeEngine.useAdapter(id);
  }

  async remove(id: string): Promise<void> {
    await inStore((store) => store.remove(id));
    dataChanges.tell({ type: 'adapters' });
    await this.refresh();
  }

  /** The same adapter keeps its place; another one of the same name gets a number. */
  #free(name: string, id: string): string {
    const taken = new Set(this.stored.filter((one) => one.id !== id).map((one) => one.name));
    for (let number = 1; ; number++) {
      const free = number === 1 ? name : `${name} ${number}`;
      if (!taken.has(free)) return free;
    }
  }
}

async function inStore<T>(work: (store: AdapterStore) => Promise<T>): Promise<T> {
  const store = await AdapterStore.open({
    makeRoom: (request) => room.make(request),
    onUnreadable: sayUnreadable,
  });
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

export const adapterShelf = new AdapterShelf();
