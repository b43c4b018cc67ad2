import type { TrainedPolicy } from '../../../harness/judgment-store.ts';
import type { RoomRequest } from '../../../store/connection.ts';
import type { inStorageWorker as InStorageWorker } from './storage-work.ts';
import { dataChanges } from './data-changes.ts';

/** Room for what is stored: whether there is some, and who waits for it. */
class Room {
  /** Whether the dialog stands open in which room is made. */
  open = $state(false);
  /** A write waits for room. It goes on by itself when there is some. */
  waiting = $state(false);
  /** Bytes that the waiting write needs, where that is known. */
  needed = $state<number | null>(null);
  /** Trained weights that are lost with the page until they are stored. */
  unstored = $state.raw<TrainedPolicy | null>(null);
  #answer: PromiseWithResolvers<boolean> | null = null;

  /** Asks for room on behalf of a write that found none: the bin first, then the reader. */
  async make({ bytes, policy }: RoomRequest): Promise<boolean> {
    if (!this.#answer && (await this.#emptyBin())) return true;
    this.needed = Math.max(bytes ?? 0, this.needed ?? 0) || null;
    this.unstored = policy ?? this.unstored;
    this.waiting = true;
    this.open = true;
    this.#answer ??= Promise.withResolvers<boolean>();
    return this.#answer.promise;
  }

  /** Whether so much more can be stored. Where that cannot be asked, the write itself will tell. */
  async prove(bytes: number): Promise<boolean> {
    try {
      return await inWorker((work) => work.proveRoom(bytes));
    } catch (error) {
      if (error instanceof Error && error.name === 'StorageRefusedError') return true;
      throw error;
    }
  }

  /** Does a piece of work that stores something, and again when room was made for it. */
  async whileFull<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        // By its name: errors of a worker come as copies.
        const isFull = error instanceof Error && error.name === 'StorageFullError';
        if (!isFull || !(await this.make({ bytes: null, policy: null }))) throw error;
      }
    }
  }

  /** Room was made: what waits is written again. */
  goOn(): void {
    this.#settle(true);
  }

  /** The write fails, and with it the job that asked for it. What was stored before stays. */
  giveUp(): void {
    this.#settle(false);
  }

  #settle(again: boolean): void {
    this.waiting = false;
    this.needed = null;
    this.unstored = null;
    this.#answer?.resolve(again);
    this.#answer = null;
    if (again) this.open = false;
  }

  async #emptyBin(): Promise<boolean> {
    const emptied = await inWorker((work) => work.emptyBin()).catch(() => 0);
    if (emptied > 0) dataChanges.tell({ type: 'projects' });
    return emptied > 0;
  }
}

/** Fetched when room is first asked for: the page's first script knows of the dialog alone. */
const inWorker: typeof InStorageWorker = async (piece) =>
  (await import('./storage-work.ts')).inStorageWorker(piece);

export const room = new Room();
