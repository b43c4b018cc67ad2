/**
 * Data sets are generated, read, hashed and divided here, away from the page: a file of 50 MB or 7,500 generated
 * items would freeze it for seconds. Errors in a file cross the boundary as values, for a cloned Error loses the
 * lines that it is about.
 */
import { expose } from 'comlink';
import { ImportError, type ImportProblem } from '../src/data/import/errors.ts';
import { importItems, openFile, type OpenedFile } from '../src/data/import/import.ts';
import type { FieldMapping } from '../src/data/import/mapping.ts';
import type { Row } from '../src/data/import/rows.ts';
import type { ConvertedRows } from '../src/data/import/to-items.ts';
import { microItems } from '../src/data/micro/items.ts';
import { freezeSplit, itemsHash, splitHash, type FrozenSplit } from '../src/data/split.ts';
import type { Item, Split } from '../src/judge/item.ts';

export type Answer<T> = { ok: true; value: T } | { ok: false; problems: readonly ImportProblem[] };

/** An opened file as the page sees it: its shape and first rows. */
export interface FilePreview {
  name: string;
  rows: number;
  columns: string[];
  mapping: FieldMapping;
  first: Row[];
}

/** Items with their division, ready to be a project's data. */
export interface DataSet {
  items: Item[];
  hash: string;
  split: FrozenSplit;
}

const PREVIEW_ROWS = 8;

/** The built-in project: enough fresh training items for the largest preset, and the headless command's own. */
const MICRO_SEED = 1;
const MICRO_COUNTS: Record<Split, number> = { train: 4000, validation: 500, heldout: 3000 };

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

  /** Imported items divided by instruction. */
  divide(items: Item[]): DataSet {
    return { items, hash: itemsHash(items), split: freezeSplit(items) };
  },

  micro(): DataSet {
    const parts = {
      train: microItems('train', MICRO_SEED, MICRO_COUNTS.train),
      validation: microItems('validation', MICRO_SEED, MICRO_COUNTS.validation),
      heldout: microItems('heldout', MICRO_SEED, MICRO_COUNTS.heldout),
    };
    const items = Object.values(parts).flat();
    const ids = {
      train: parts.train.map((item) => item.id),
      validation: parts.validation.map((item) => item.id),
      heldout: parts.heldout.map((item) => item.id),
    };
    return { items, hash: itemsHash(items), split: { ...ids, hash: splitHash(ids) } };
  },
};

export type DataWork = typeof dataWork;

function answer<T>(work: () => T): Answer<T> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    if (error instanceof ImportError) return { ok: false, problems: error.problems };
    throw error;
  }
}

expose(dataWork);
