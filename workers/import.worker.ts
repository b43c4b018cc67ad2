/**
 * Reads a person's file away from the page, which a file of 50 MB would otherwise freeze for seconds. Errors cross
 * the worker boundary as values: a cloned Error loses the lines that it is about.
 */
import { expose } from 'comlink';
import { ImportError, type ImportProblem } from '../src/data/import/errors.ts';
import { importItems, openFile, type OpenedFile } from '../src/data/import/import.ts';
import type { FieldMapping } from '../src/data/import/mapping.ts';
import type { Row } from '../src/data/import/rows.ts';
import type { ConvertedRows } from '../src/data/import/to-items.ts';

export type Answer<T> = { ok: true; value: T } | { ok: false; problems: readonly ImportProblem[] };

/** An opened file as the page sees it: its shape and first rows. */
export interface FilePreview {
  name: string;
  rows: number;
  columns: string[];
  mapping: FieldMapping;
  first: Row[];
}

const PREVIEW_ROWS = 8;
let opened: OpenedFile | null = null;

const importer = {
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
};

export type Importer = typeof importer;

function answer<T>(work: () => T): Answer<T> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    if (error instanceof ImportError) return { ok: false, problems: error.problems };
    throw error;
  }
}

expose(importer);
