import type { LabRun } from '../harness/lab-run.ts';
import type { LabRunStore } from '../harness/lab-run-store.ts';
import type { Database } from './database.ts';
import { inWords } from './errors.ts';

/** Runs of labs in IndexedDB. */
export class DatabaseLabRuns implements LabRunStore {
  constructor(private readonly database: Database) {}

  labRun(id: string): Promise<LabRun | undefined> {
    return inWords(() => this.database.get('labRuns', id));
  }
  async putLabRun(run: LabRun): Promise<void> {
    await inWords(() => this.database.put('labRuns', run));
  }
  async deleteLabRun(id: string): Promise<void> {
    await inWords(() => this.database.delete('labRuns', id));
  }
  async labRuns(projectId: string): Promise<LabRun[]> {
    const runs = await inWords(() => this.database.getAllFromIndex('labRuns', 'byProject', projectId));
    return runs.sort((a, b) => b.created - a.created);
  }
}
