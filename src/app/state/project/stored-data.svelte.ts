import { MemoryLabRuns, type LabRunStore } from '../../../harness/lab-run-store.ts';
import { MemoryStore } from '../../../rationalize/memory-store.ts';
import type { RunStore } from '../../../rationalize/run-store.ts';
import { Connection } from '../../../store/connection.ts';
import { DatabaseStore } from '../../../store/database-store.ts';
import { NewerDatabaseError, StorageRefusedError } from '../../../store/errors.ts';
import { DatabaseLabRuns } from '../../../store/lab-runs.ts';
import { MemoryProjects } from '../../../store/memory-projects.ts';
import { ProjectStore, type Projects } from '../../../store/projects.ts';
import { sayUnreadable } from './unreadable.ts';
import { storedStatus } from './stored-status.svelte.ts';
import { room } from './room.svelte.ts';

/** The page's records, wherever they are kept. */
export interface Records {
  projects: Projects;
  store: RunStore;
  labRuns: LabRunStore;
  /** null where the browser stores nothing: `projects` are then in memory. */
  connection: Connection | null;
}

/** Opens the page's records once, and notes how they stand. */
class StoredData {
  /** Told when the browser ended the connection and another was opened: records may be gone. */
  onReopened: () => void = () => {};
  #records: Promise<Records> | null = null;

  /** Opens the records. Calls after the first wait for it. @throws Error in words when they cannot be opened */
  open(): Promise<Records> {
    this.#records ??= this.#open().catch((error: unknown) => {
      this.#records = null;
      throw error;
    });
    return this.#records;
  }

  async #open(): Promise<Records> {
    storedStatus.state = 'opening';
    try {
      const connection = await Connection.open({
        onBlocked: () => (storedStatus.state = 'blocked'),
        onOutdated: () => (storedStatus.state = 'outdated'),
        onUnreadable: sayUnreadable,
        onReopened: () => this.onReopened(),
        makeRoom: (request) => room.make(request),
        proveRoom: (bytes) => room.prove(bytes),
      });
      storedStatus.state = 'open';
      return {
        connection,
        projects: new ProjectStore(connection),
        store: new DatabaseStore(connection),
        labRuns: new DatabaseLabRuns(connection),
      };
    } catch (error) {
      if (error instanceof StorageRefusedError) return this.#inMemory();
      storedStatus.state = error instanceof NewerDatabaseError ? 'newer' : 'failed';
      throw error;
    }
  }

  #inMemory(): Records {
    storedStatus.state = 'in memory';
    return {
      connection: null,
      projects: new MemoryProjects(),
      store: new MemoryStore(),
      labRuns: new MemoryLabRuns(),
    };
  }
}

export const storedData = new StoredData();
