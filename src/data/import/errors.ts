/** One thing that is wrong with a file. `line` counts from 1; null when it concerns the whole file. */
export interface ImportProblem {
  line: number | null;
  message: string;
}

/** A row that is left out while the others are taken: where it begins, why, and what the file says there. */
export interface LeftOutRow {
  line: number;
  message: string;
  source: string;
}

/** Problems that are listed one by one; the rest of a very bad file is only counted. */
export const LISTED_PROBLEMS = 20;

/** Thrown when nothing of a file can be used: it is no such file, or none of its rows can be read. */
export class ImportError extends Error {
  override name = 'ImportError';
  readonly problems: readonly ImportProblem[];

  constructor(problems: readonly ImportProblem[]) {
    super(problems.slice(0, 3).map(inWords).join(' ') + rest(problems.length - 3));
    this.problems = problems;
  }
}

/** "Line 7: the score 9 is not …" */
export function inWords({ line, message }: ImportProblem): string {
  return line === null ? message : `Line ${line}: ${message}`;
}

/** An error about the whole file, or about one line of it. */
export function importError(message: string, line: number | null = null): ImportError {
  return new ImportError([{ line, message }]);
}

/** What is listed of a very bad file: its first problems, and how many more there are. */
export function shortened(problems: readonly ImportProblem[]): ImportProblem[] {
  const more = problems.length - LISTED_PROBLEMS;
  const listed = problems.slice(0, LISTED_PROBLEMS).map(({ line, message }) => ({ line, message }));
  return more > 0 ? [...listed, { line: null, message: rest(more).trim() }] : listed;
}

/** For a terminal: how many rows are left out, and why; nothing where all are taken. */
export function leftOutInWords(leftOut: readonly LeftOutRow[]): string[] {
  if (leftOut.length === 0) return [];
  const rows = leftOut.length === 1 ? '1 row is' : `${leftOut.length} rows are`;
  return [`${rows} left out:`, ...shortened(leftOut).map((problem) => `  ${inWords(problem)}`)];
}

function rest(count: number): string {
  return count > 0 ? ` And ${count} more problem${count === 1 ? '' : 's'}.` : '';
}

/** A value of any length in a sentence. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
