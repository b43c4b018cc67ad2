/**
 * Data sets are generated, read, hashed, divided and stored here, away from the page: a file of 50 MB or 7,500 generated
 * items would freeze it for seconds. Errors in a file cross the boundary as values, for a cloned Error loses the
 * lines that it is about.
 */
import { expose } from 'comlink';
import { ImportError, type ImportProblem } from '../src/data/import/errors.ts';
import { importItems, openFile, type OpenedFile } from '../src/data/import/import.ts';
import type { FieldMapping } from '../src/data/import/mapping.ts';
import type { Row } from '../src/data/import/row.ts';
import type { ConvertedRows } from '../src/data/import/to-items.ts';
import { BUILT_IN_SOURCE } from '../src/data/built-in-source.ts';
import { builtInItems } from '../src/data/micro/built-in.ts';
import { MICRO_VERSION } from '../src/data/micro/items.ts';
import { freezeSplit, itemsHash, splitHash } from '../src/data/split.ts';
import type { Item, Split } from '../src/judge/item.ts';
import { atOnce } from '../src/judge/steps.ts';
import { Connection } from '../src/store/connection.ts';
import type { Project, ProjectItems } from '../src/store/project.ts';
import { newProject, ProjectStore, type NewProject } from '../src/store/projects.ts';

export type Answer<T> = { ok: true; value: T } | { ok: false; problems: readonly ImportProblem[] };

/** An opened file as the page sees it: its shape and first rows. */
export interface FilePreview {
  name: string;
  rows: number;
  columns: string[];
  mapping: FieldMapping;
  first: Row[];
}

/** What a new project is called, and which judge its runs begin with. */
export type ProjectFacts = Pick<NewProject, 'name' | 'seedModel'>;

const PREVIEW_ROWS = 8;

let opened: OpenedFile | null = null;

const dataWork = {
  async open(file: File): Promise<Answer<FilePreview>> {
    const text = await file.text();
    return answer(() => {
      opened = openFile(text, file.name);
      const { name, rows, columns, mapping } = opened;
      return { name, rows: rows.length, columns, mapping, first: rows.slice(0, PREVIEW_ROWS) };
    });
  },

  /** The items of the file that is open, under this mapping. */
  items(mapping: FieldMapping): Answer<ConvertedRows> {
    return answer(() => {
      if (!opened) throw new Error('No file is open.');
      return importItems(opened, mapping);
    });
  },

  /** Stores the items of the file that is open as a new project, divided by instruction. */
  async storeFile(mapping: FieldMapping, facts: ProjectFacts): Promise<Project> {
    const { facts: all, items } = fileFacts(mapping, facts);
    return store(all, items);
  },

  /** Stores the built-in micro-judging items as a new project. */
  async storeMicro(facts: ProjectFacts): Promise<Project> {
    return store(microFacts(facts), atOnce(builtInItems()));
  },

  /** The same project with its items, where nothing can be stored. */
  microProject(facts: ProjectFacts): UnstoredProject {
    const items = atOnce(builtInItems());
    return { project: newProject(withHashes(microFacts(facts), items), items), items };
  },

  /** The items of the file that is open as a project, where nothing can be stored. */
  fileProject(mapping: FieldMapping, facts: ProjectFacts): UnstoredProject {
    const { facts: all, items } = fileFacts(mapping, facts);
    return { project: newProject(withHashes(all, items), items), items };
  },
};

export type DataWork = typeof dataWork;

/** A project that exists on the page alone. */
export interface UnstoredProject {
  project: Project;
  items: ProjectItems;
}

type Facts = Omit<NewProject, 'itemsHash' | 'splitHash'>;

function microFacts(facts: ProjectFacts): Facts {
  return { ...facts, source: `${BUILT_IN_SOURCE}, version ${MICRO_VERSION}`, rubric: '' };
}

function fileFacts(mapping: FieldMapping, facts: ProjectFacts): { facts: Facts; items: ProjectItems } {
  if (!opened) throw new Error('No file is open.');
  const { items } = importItems(opened, mapping);
  const rubric = mapping.columns.criterion === null ? mapping.defaultCriterion : '';
  return { facts: { ...facts, source: opened.name, rubric }, items: divided(items) };
}

function divided(items: readonly Item[]): ProjectItems {
  const byId = new Map(items.map((item) => [item.id, item]));
  const split = freezeSplit(items);
  const part = (name: Split) => split[name].map((id) => byId.get(id)!);
  return { train: part('train'), validation: part('validation'), heldout: part('heldout') };
}

function withHashes(facts: Facts, items: ProjectItems): NewProject {
  const ids = (part: readonly Item[]) => part.map(({ id }) => id);
  const { train, validation, heldout } = items;
  return {
    ...facts,
    itemsHash: itemsHash([...train, ...validation, ...heldout]),
    splitHash: splitHash({ train: ids(train), validation: ids(validation), heldout: ids(heldout) }),
  };
}

/** The database is opened here too: thousands of writes are one long task, wherever they are asked for. */
async function store(facts: Facts, items: ProjectItems): Promise<Project> {
  const connection = await Connection.open();
  try {
    return await new ProjectStore(connection).create(withHashes(facts, items), items);
  } finally {
    connection.close();
  }
}

function answer<T>(work: () => T): Answer<T> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    if (error instanceof ImportError) return { ok: false, problems: error.problems };
    throw error;
  }
}

expose(dataWork);
