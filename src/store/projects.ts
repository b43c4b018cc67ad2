import { newId } from '../harness/new-id.ts';
import type { Item, Split } from '../judge/item.ts';
import type { Run } from '../rationalize/records.ts';
import type { Connection } from './connection.ts';
import type { Project, ProjectChanges, ProjectItems } from './project.ts';
import { readable, theReadable } from './readable.ts';
import type { StoredItem } from './schema.ts';
import { write } from './write.ts';

const SPLITS: readonly Split[] = ['train', 'validation', 'heldout'];

export type NewProject = Omit<Project, 'id' | 'created' | 'counts'>;

export interface Creation {
  /** Who makes a project may choose its id, to ask for it later. */
  id?: string;
  /** Told how many items are written, before they are all committed together. */
  onStored?: (items: number) => void;
}

/** Thrown when a project is asked for that is not stored. */
export class NoSuchProjectError extends Error {
  override name = 'NoSuchProjectError';
  constructor(id: string) {
    super(`There is no project ${id} in this browser. It may have been deleted, or made on another machine.`);
  }
}

/** A project made now, with an id of its own. */
export function newProject(project: NewProject, items: ProjectItems, id = newId()): Project {
  return { ...project, id, created: Date.now(), counts: countsOf(items) };
}

/** Projects as the page reads them. */
export interface Projects {
  /** Those that are not in the bin, the newest first. */
  all(): Promise<Project[]>;
  /** @throws NoSuchProjectError */
  get(id: string): Promise<Project>;
  items(id: string): Promise<ProjectItems>;
  /** Those that are not in the bin, the oldest first. */
  runs(id: string): Promise<Run[]>;
}

/** Projects and their items. A project is written wholly or not at all. */
export class ProjectStore implements Projects {
  constructor(private readonly connection: Connection) {}

  async create(project: NewProject, items: ProjectItems, { id, onStored }: Creation = {}): Promise<Project> {
    const complete = newProject(project, items, id);
    await this.#write(complete, items, onStored);
    return complete;
  }

  async all(): Promise<Project[]> {
    const projects = await this.connection.use((database) => database.getAll('projects'));
    return readable(this.connection, 'projects', projects.filter(kept)).sort((a, b) => b.created - a.created);
  }

  async get(id: string): Promise<Project> {
    const project = await this.connection.use((database) => database.get('projects', id));
    if (!project) throw new NoSuchProjectError(id);
    return theReadable('projects', project)!;
  }

  async items(id: string): Promise<ProjectItems> {
    const parts = SPLITS.map(async (split): Promise<[Split, Item[]]> => {
      const own = beginningWith([id, split]);
      const stored = await this.connection.use((database) => database.getAll('items', own));
      return [split, stored.map(({ item }) => item)];
    });
    return Object.fromEntries(await Promise.all(parts)) as ProjectItems;
  }

  async runs(id: string): Promise<Run[]> {
    return readable(this.connection, 'runs', await this.#runs(id)).sort((a, b) => a.created - b.created);
  }

  /**
   * Changes a project. A new name is only a name; data, rubric or seed judge decide what existing runs mean, so
   * where there are runs such a change makes a copy, and the runs keep the project they were made with.
   */
  async change(id: string, { data, ...changes }: ProjectChanges): Promise<Project> {
    const project = await this.get(id);
    const isNameOnly = !data && changes.rubric === undefined && changes.seedModel === undefined;
    const items = data?.items ?? (await this.items(id));
    const { itemsHash, splitHash, source } = data ?? project;
    const changed: Project = {
      ...project,
      ...changes,
      itemsHash,
      splitHash,
      source,
      counts: countsOf(items),
    };
    if (!isNameOnly && (await this.#runs(id)).length > 0)
      return this.create({ ...changed, name: changes.name ?? `${project.name} (copy)`, copyOf: id }, items);
    await this.#write(changed, items);
    return changed;
  }

  /** With those that cannot be read. */
  async #runs(id: string): Promise<Run[]> {
    const runs = await this.connection.use((database) => database.getAllFromIndex('runs', 'byProject', id));
    return runs.filter(kept);
  }

  #write(project: Project, items: ProjectItems, onStored: (items: number) => void = () => {}): Promise<void> {
    let done = 0;
    return write(this.connection, ['projects', 'items'], function* (transaction) {
      const stored = transaction.objectStore('items');
      yield transaction.objectStore('projects').put(project);
      yield stored.delete(beginningWith([project.id]));
      for (const item of inPlace(project.id, items)) yield stored.put(item).then(() => onStored(++done));
    });
  }
}

/** Not in the bin. */
const kept = ({ deleted }: { deleted?: number }): boolean => !deleted;

function* inPlace(projectId: string, items: ProjectItems): Generator<StoredItem> {
  for (const split of SPLITS)
    for (const [position, item] of items[split].entries()) yield { projectId, split, position, item };
}

function countsOf(items: ProjectItems): Project['counts'] {
  return { train: items.train.length, validation: items.validation.length, heldout: items.heldout.length };
}

/** All keys that begin with these parts: arrays sort after strings and numbers. */
export function beginningWith(parts: (string | number)[]): IDBKeyRange {
  return IDBKeyRange.bound(parts, [...parts, []]);
}
