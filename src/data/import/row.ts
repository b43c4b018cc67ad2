import type { Steps } from '../../judge/steps.ts';
import type { LeftOutRow } from './errors.ts';

/** One record of a file with the line that it begins on, and its text in the file. */
export interface Row {
  line: number;
  values: Readonly<Record<string, unknown>>;
  source: string;
}

/** What was read of a file: rows, and those that could not be read, both in the file's order. */
export interface ReadRows {
  rows: Row[];
  leftOut: LeftOutRow[];
}

/** How far a file is read: characters of its text. */
export type Reading = Steps<ReadRows, number>;

/** Is this a record with named fields? */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
