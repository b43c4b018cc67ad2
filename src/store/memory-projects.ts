import type { Run } from '../rationalize/records.ts';
import type { Project, ProjectItems } from './project.ts';
import { NoSuchProjectError, type Projects } from './projects.ts';

/** Projects in memory, for browsers that let the page store nothing: they are gone with the tab. */
export class MemoryProjects implements Projects {
  #kept = new Map<string, { project: Project; items: ProjectItems }>();

  async keep(project: Project, items: ProjectItems): Promise<void> {
    this.#kept.set(project.id, { project, items });
  }

  async all() {
    return [...this.#kept.values()].map(({ project }) => project).sort((a, b) => b.created - a.created);
  }
  async get(id: string) {
    return this.#find(id).project;
  }
  async items(id: string) {
    return this.#find(id).items;
  }
  async runs(): Promise<Run[]> {
    // Runs are known to the page that made them; there is no earlier visit.
    return [];
  }

  #find(id: string) {
    const found = this.#kept.get(id);
    if (!found) throw new NoSuchProjectError(id);
    return found;
  }
}
