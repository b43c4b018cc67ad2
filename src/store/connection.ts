import type { TrainedPolicy } from '../harness/judgment-store.ts';
import { openDatabase, type Database, type OpenOptions } from './database.ts';
import { DatabaseClosedError, inWords, OutdatedPageError } from './errors.ts';

/** A write that found no room: how much it needs where that is known, and what is lost with the page until it succeeds. */
export interface RoomRequest {
  bytes: number | null;
  policy: TrainedPolicy | null;
}

/** A record that another version wrote, or that was damaged: it is left out of what is read, and stays as it is. */
export interface Unreadable {
  store: 'projects' | 'runs' | 'rounds' | 'labRuns' | 'adapters';
  /** Which one, so that it is told once. */
  id: string;
}

export interface ConnectionOptions extends Pick<OpenOptions, 'name' | 'version' | 'onBlocked'> {
  /** A newer version of the page needs the database: nothing can be read or written here any more. */
  onOutdated?: () => void;
  /** The browser had ended the connection, and there is a new one; what was stored may have been erased. */
  onReopened?: () => void;
  /** Records that were left out of what was read. */
  onUnreadable?: (records: readonly Unreadable[]) => void;
  /** There is no room. Resolves with true when room was made and the write should be tried again. */
  makeRoom?: (request: RoomRequest) => Promise<boolean>;
  /** Whether so many bytes more can be stored, proved by reserving them. */
  proveRoom?: (bytes: number) => Promise<boolean>;
}

/** The page's way to its database, which outlives a single connection: one that the browser ends is opened again, once a piece of work. */
export class Connection {
  #outdated = false;
  #reopening: Promise<void> | null = null;

  private constructor(
    private database: Database,
    readonly options: ConnectionOptions,
  ) {}

  /** @throws NewerDatabaseError, StorageRefusedError, StorageFullError; DatabaseBlockedError without `onBlocked` */
  static async open(options: ConnectionOptions = {}): Promise<Connection> {
    let connection: Connection | null = null;
    const outdated = (): void => connection?.becomeOutdated();
    connection = new Connection(await openWith(options, outdated), options);
    return connection;
  }

  /** @throws OutdatedPageError, DatabaseClosedError, and what the work throws, in words */
  async use<T>(work: (database: Database) => Promise<T>): Promise<T> {
    const { database } = this;
    try {
      return await inWords(() => work(database));
    } catch (error) {
      if (this.#outdated) throw new OutdatedPageError({ cause: error });
      if (!isClosed(database)) throw error;
      await this.#reopen(database, error);
      return inWords(() => work(this.database));
    }
  }

  close(): void {
    this.database.close();
  }

  becomeOutdated(): void {
    this.#outdated = true;
    this.options.onOutdated?.();
  }

  /** Requests that failed together share one new connection. */
  async #reopen(lost: Database, cause: unknown): Promise<void> {
    if (this.database !== lost) return;
    this.#reopening ??= openWith(this.options, () => this.becomeOutdated())
      .then(
        (database) => {
          this.database = database;
          this.options.onReopened?.();
        },
        () => Promise.reject(new DatabaseClosedError({ cause })),
      )
      .finally(() => (this.#reopening = null));
    await this.#reopening;
  }
}

function openWith(options: ConnectionOptions, outdated: () => void): Promise<Database> {
  // One that was closed for an erasure is opened again when it is next used.
  return openDatabase({ ...options, onOutdated: (by) => by === 'newer version' && outdated() });
}

/** A connection that the browser ended aborts what is under way and refuses what comes; there is no other sign. */
function isClosed(database: Database): boolean {
  try {
    database.transaction('runs').done.catch(() => undefined);
    return false;
  } catch (error) {
    return error instanceof DOMException && error.name === 'InvalidStateError';
  }
}
