/** One thing that is wrong with a file. `line` counts from 1; null when it concerns the whole file. */
export interface ImportProblem {
  line: number | null;
  message: string;
}

/** Problems that are listed one by one; the rest of a very bad file is only counted. */
export const LISTED_PROBLEMS = 20;

/** Thrown when a file cannot be imported as a whole: then nothing of it is. */
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
  const listed = problems.slice(0, LISTED_PROBLEMS);
  return more > 0 ? [...listed, { line: null, message: rest(more).trim() }] : listed;
}

function rest(count: number): string {
  return count > 0 ? ` And ${count} more problem${count === 1 ? '' : 's'}.` : '';
}
