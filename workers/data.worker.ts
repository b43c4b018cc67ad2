/**
 * Data sets are generated, read, hashed, divided and stored here, away from the page: a file of 50 MB or 7,500 generated
 * items would freeze it for seconds. Errors in a file cross the boundary as values, for a cloned Error loses the
 * lines that it is about. The page cancels by ending this worker: what a transaction had not committed is not stored.
 */
import './lockdown.ts';
import { expose } from 'comlink';
import { ImportError, shortened, type ImportProblem } from '../src/data/import/errors.ts';
import { convertInSteps, fileInSteps, type OpenedFile } from '../src/data/import/import.ts';
import { leftOutTable } from '../src/data/export/left-out.ts';
import { checkFileSize } from '../src/data/import/limits.ts';
import type { FieldMapping } from '../src/data/import/mapping.ts';
import type { ConvertedRows } from '../src/data/import/to-items.ts';
import { BUILT_IN_SOURCE } from '../src/data/built-in-source.ts';
import { builtInItems } from '../src/data/micro/built-in.ts';
import { MICRO_VERSION } from '../src/data/micro/items.ts';
import { divideInSteps, itemsHash, splitHash } from '../src/data/split.ts';
import { summarise, type DataSummary } from '../src/data/summary.ts';
import type { Item } from '../src/judge/item.ts';
import { atOnce, inSlices, type Steps } from '../src/judge/steps.ts';
import { Connection } from '../src/store/connection.ts';
import type { Project, ProjectItems } from '../src/store/project.ts';
import { newProject, ProjectStore, type Creation, type NewProject } from '../src/store/projects.ts';

export type Answer<T> = { ok: true; value: T } | { ok: false; problems: readonly ImportProblem[] };

/** An opened file as the page sees it. */
export interface FilePreview {
  name: string;
  /** With those that cannot be read. */
  rows: number;
  columns: string[];
  mapping: FieldMapping;
}

/** What a file's rows become under a mapping; the items themselves come in pieces (`itemsFrom`). */
export interface ConvertedFile {
  items: number;
  duplicates: number;
  summary: DataSummary;
  /** Rows that give no item. */
  leftOut: number;
  /** The first of them, and how many more there are. */
  problems: readonly ImportProblem[];
}

/** What a new project is called, and which judge its runs begin with. */
export type ProjectFacts = Pick<NewProject, 'name' | 'seedModel' | 'link'>;

/** Facts of a project whose id the page has chosen: it asks for it after a cancellation. */
export type NamedProject = ProjectFacts & { id: string };

/** How far a piece of work is: bytes of the file, its rows, or items. */
export type ReportProgress = (done: number, total: number) => void;

let opened: OpenedFile | null = null;
let converted: ConvertedRows | null = null;

const dataWork = {
  async open(file: File, report: ReportProgress): Promise<Answer<FilePreview>> {
    return answer(async () => {
      checkFileSize(file.size);
      const text = await textOf(file);
      const bytes = file.size / text.length;
      const steps = fileInSteps(text, file.name);
      opened = await reporting(steps, (done) => report(done * bytes, file.size));
      const { name, columns, mapping } = opened;
      return { name, rows: opened.rows.length + opened.leftOut.length, columns, mapping };
    });
  },

  /** Converts the file that is open. */
  async convert(mapping: FieldMapping, report: ReportProgress): Promise<Answer<ConvertedFile>> {
    return answer(async () => {
      const file = theOpened();
      converted = null;
      const rows = await reporting(convertInSteps(file, mapping), (done) => report(done, file.rows.length));
      converted = rows;
      const { items, duplicates, leftOut } = rows;
      const problems = shortened(leftOut);
      const summary = summarise(items);
      return { items: items.length, duplicates, summary, leftOut: leftOut.length, problems };
    });
  },

  /** A piece of the items: all of them at once would hold the page while they arrive. */
  itemsFrom(begin: number, count: number): Item[] {
    return theConverted().items.slice(begin, begin + count);
  },

  /** The rows that give no item, as a CSV of line, reason and text. */
  leftOutFile(): Blob {
    return new Blob([leftOutTable(theConverted().leftOut)], { type: 'text/csv' });
  },

  /** Stores the items of the file that is open, as they were converted, as a new project, divided by instruction. */
  async storeFile(
    mapping: FieldMapping,
    { id, ...facts }: NamedProject,
    report: ReportProgress,
  ): Promise<Project> {
    const { items } = theConverted();
    const total = 2 * items.length;
    const divided = await reporting(divideInSteps(items), (done) => report(done, total));
    const onStored = nowAndThen((done) => report(items.length + done, total));
    const project = await store(fileFacts(mapping, facts), divided, { id, onStored });
    report(total, total);
    return project;
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

  /** Stores items that a link brought as a new project, divided by instruction. */
  async storeShared(items: readonly Item[], source: string, facts: ProjectFacts): Promise<Project> {
    return store({ ...facts, source, rubric: '' }, atOnce(divideInSteps(items)));
  },

  /** The same project with its items, where nothing can be stored. */
  sharedProject(items: readonly Item[], source: string, facts: ProjectFacts): UnstoredProject {
    const divided = atOnce(divideInSteps(items));
    return {
      project: newProject(withHashes({ ...facts, source, rubric: '' }, divided), divided),
      items: divided,
    };
  },

  /** The items of the file that is open as a project, where nothing can be stored. */
  fileProject(mapping: FieldMapping, { id, ...facts }: NamedProject): UnstoredProject {
    const items = atOnce(divideInSteps(theConverted().items));
    return { project: newProject(withHashes(fileFacts(mapping, facts), items), items, id), items };
  },
};

export type DataWork = typeof dataWork;

function theOpened(): OpenedFile {
  if (!opened) throw new Error('No file is open.');
  return opened;
}

function theConverted(): ConvertedRows {
  if (!converted) throw new Error('No file is converted.');
  return converted;
}

/** @throws ImportError */
async function textOf(file: File): Promise<string> {
  try {
    return await file.text();
  } catch (cause) {
    const message = 'The file was moved or changed since it was chosen, or is not readable: choose it again.';
    throw Object.assign(new ImportError([{ line: null, message }]), { cause });
  }
}

const REPORT_MS = 50;

/** Not more often than a person sees it: each report is a message to the page. */
function nowAndThen(report: (done: number) => void): (done: number) => void {
  let last = 0;
  return (done) => {
    const now = performance.now();
    if (now - last < REPORT_MS) return;
    last = now;
    report(done);
  };
}

/** Does the steps in slices and reports how far they are. */
function reporting<T>(steps: Steps<T, number>, report: (done: number) => void): Promise<T> {
  return inSlices(steps, nowAndThen(report));
}

/** A project that exists on the page alone. */
export interface UnstoredProject {
  project: Project;
  items: ProjectItems;
}

type Facts = Omit<NewProject, 'itemsHash' | 'splitHash'>;

function microFacts(facts: ProjectFacts): Facts {
  return { ...facts, source: `${BUILT_IN_SOURCE}, version ${MICRO_VERSION}`, rubric: '' };
}

function fileFacts(mapping: FieldMapping, facts: ProjectFacts): Facts {
  const rubric = mapping.columns.criterion === null ? mapping.defaultCriterion : '';
  return { ...facts, source: theOpened().name, rubric };
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
async function store(facts: Facts, items: ProjectItems, creation?: Creation): Promise<Project> {
  const connection = await Connection.open();
  try {
    return await new ProjectStore(connection).create(withHashes(facts, items), items, creation);
  } finally {
    connection.close();
  }
}

async function answer<T>(work: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (error instanceof ImportError) return { ok: false, problems: error.problems };
    throw error;
  }
}

expose(dataWork);
