import type { LabRun } from './lab-run.ts';

/** Where runs of labs are kept. Implemented over IndexedDB (`src/store`) and in memory. */
export interface LabRunStore {
  labRun(id: string): Promise<LabRun | undefined>;
  putLabRun(run: LabRun): Promise<void>;
  deleteLabRun(id: string): Promise<void>;
  /** Of one project, the newest first. */
  labRuns(projectId: string): Promise<LabRun[]>;
}

/** For headless work and tests. */
export class MemoryLabRuns implements LabRunStore {
  #runs = new Map<string, LabRun>();

  async labRun(id: string) {
    return structuredClone(this.#runs.get(id));
  }
  async putLabRun(run: LabRun) {
    this.#runs.set(run.id, structuredClone(run));
  }
  async deleteLabRun(id: string) {
    this.#runs.delete(id);
  }
  async labRuns(projectId: string) {
    const own = [...this.#runs.values()].filter((run) => run.projectId === projectId);
    return structuredClone(own.sort((a, b) => b.created - a.created));
  }
}
