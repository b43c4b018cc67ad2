import type { Round, Run } from '../../rationalize/records.ts';
import { BundleError } from './bundle-error.ts';
import { Bundle } from './read-bundle.ts';

/** The runs of Self-Rationalization in a bundle. */
export interface FileRuns {
  /** The project's name. */
  project: string;
  /** In milliseconds since 1970. */
  made: number;
  runs: { run: Run; rounds: Round[] }[];
}

/** Reads runs and rounds, and nothing else. @throws BundleError */
export async function readRuns(file: Blob): Promise<FileRuns> {
  const bundle = await Bundle.open(file);
  try {
    const { project, made } = bundle.manifest;
    const runs = new Map<string, FileRuns['runs'][number]>();
    for await (const run of bundle.records('runs')) runs.set(run.id, { run, rounds: [] });
    for await (const round of bundle.records('rounds')) {
      const own = runs.get(round.runId);
      if (!own) throw new BundleError('It holds parts of a run that is not in it.');
      own.rounds.push(round);
    }
    return { project: project.name, made, runs: [...runs.values()] };
  } finally {
    await bundle.close();
  }
}
