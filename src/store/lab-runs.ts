import type { LabRun } from '../harness/lab-run.ts';
import type { LabRunStore } from '../harness/lab-run-store.ts';
import type { Connection } from './connection.ts';
import { readable, theReadable } from './readable.ts';
import { write } from './write.ts';

/** Runs of labs in IndexedDB. Those in the bin are left out of lists. */
export class DatabaseLabRuns implements LabRunStore {
  constructor(private readonly connection: Connection) {}

  async labRun(id: string): Promise<LabRun | undefined> {
    return theReadable('labRuns', await this.connection.use((database) => database.get('labRuns', id)));
  }
  putLabRun(run: LabRun): Promise<void> {
    return write(this.connection, ['labRuns'], (transaction) => [
      transaction.objectStore('labRuns').put(run),
    ]);
  }
  deleteLabRun(id: string): Promise<void> {
    return write(this.connection, ['labRuns'], (transaction) => [
      transaction.objectStore('labRuns').delete(id),
    ]);
  }
  async labRuns(projectId: string): Promise<LabRun[]> {
    const runs = await this.connection.use((database) =>
      database.getAllFromIndex('labRuns', 'byProject', projectId),
    );
    const kept = runs.filter(({ deleted }) => !deleted);
    return readable(this.connection, 'labRuns', kept).sort((a, b) => b.created - a.created);
  }
}
