import * as v from 'valibot';
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

const value = v.nullable(v.custom<number>((given) => typeof given === 'number'));
const interval = v.looseObject({ mean: value, low: value, high: value });
/** What of a round's results is compared; the page counts on it. */
const Comparable = v.looseObject({
  accuracy: value,
  differenceFromRemap: interval,
  differences: v.record(v.string(), v.nullable(interval)),
});

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
      if (round.results && !v.is(Comparable, round.results))
        throw new BundleError('It holds results that this version of the page cannot compare.');
      own.rounds.push(round);
    }
    return { project: project.name, made, runs: [...runs.values()] };
  } finally {
    await bundle.close();
  }
}
