import { Bin, type BinEntry, type BinKind } from '../../../store/bin.ts';
import { whileHolding } from '../../../store/lock.ts';
import { toasts } from '../shell/toasts.svelte.ts';
import { dataChanges, type DataChange } from './data-changes.ts';
import { project } from './project.svelte.ts';
import { inStorageWorker } from './storage-work.ts';
import { storedData } from './stored-data.svelte.ts';

/** What can be put into the bin, as lists show it. */
export type Deletable = Omit<BinEntry, 'deleted'>;

/** What was deleted and can still come back. */
class BinList {
  /** The latest first. */
  entries = $state.raw<readonly BinEntry[]>([]);
  #swept = false;

  async refresh(): Promise<void> {
    const bin = await this.#bin();
    if (!this.#swept) {
      this.#swept = true;
      // Once a visit is often enough for what lies there for 30 days.
      await inStorageWorker((work) => work.tidy());
    }
    this.entries = (await bin?.list()) ?? [];
  }

  /** Deletes it as far as anybody can see, and offers to take that back. @throws BusyElsewhereError while it is worked on */
  async put(what: Deletable): Promise<void> {
    const bin = await this.#bin();
    if (!bin) return;
    await whileNobodyWorksOn(what, () => bin.put(what.kind, what.id));
    await this.#changed(what);
    toasts.say(`${NAMES[what.kind]} “${what.name}” is in the bin.`, {
      label: 'Undo',
      run: () => void this.restore(what).catch((error: unknown) => toasts.fail(error)),
    });
  }

  async restore(what: Deletable): Promise<void> {
    await (await this.#bin())?.restore(what);
    await this.#changed(what);
  }

  /** Deletes for good what lies in the bin. */
  async empty(): Promise<void> {
    await inStorageWorker((work) => work.emptyBin());
    await this.#changed({ kind: 'projects' });
  }

  async #bin(): Promise<Bin | null> {
    const { connection } = await storedData.open();
    return connection && new Bin(connection);
  }

  async #changed(what: { kind: 'projects' } | Deletable): Promise<void> {
    dataChanges.tell(changeOf(what));
    await project.reread();
    await this.refresh();
  }
}

const NAMES: Record<BinKind, string> = { projects: 'Project', runs: 'Run', labRuns: 'Run' };

function changeOf(what: { kind: 'projects' } | Deletable): DataChange {
  return what.kind === 'projects'
    ? { type: 'projects' }
    : { type: what.kind, projectId: what.projectId, id: what.id };
}

/** A run in work would write on into the bin, in whichever tab that is. */
async function whileNobodyWorksOn(
  { kind, id }: Pick<Deletable, 'kind' | 'id'>,
  work: () => Promise<void>,
): Promise<void> {
  const { connection } = await storedData.open();
  const runs =
    kind === 'projects'
      ? ((await connection?.use((database) => database.getAllKeysFromIndex('runs', 'byProject', id))) ?? [])
      : [id];
  await runs.reduceRight<() => Promise<void>>((inner, run) => () => whileHolding(run, inner), work)();
}

export const bin = new BinList();
