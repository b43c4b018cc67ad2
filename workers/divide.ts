import type { GenerateTask } from '../src/model/generate-task.ts';

export interface Placed<T> {
  index: number;
  entry: T;
}

/** Divides entries over `workers` so that the lengths add up alike: the longest first, each to the lightest share. */
export function divideBy<T>(entries: T[], length: (entry: T) => number, workers: number): Placed<T>[][] {
  const shares: Placed<T>[][] = Array.from({ length: workers }, () => []);
  const loads = new Float64Array(workers);
  const placed = entries.map((entry, index) => ({ entry, index }));
  for (const one of placed.toSorted((a, b) => length(b.entry) - length(a.entry))) {
    const lightest = loads.indexOf(Math.min(...loads));
    shares[lightest]?.push(one);
    loads[lightest] = (loads[lightest] as number) + length(one.entry);
  }
  return shares.map((share) => share.toSorted((a, b) => a.index - b.index));
}

/** Deals tasks out in turn; where there are fewer tasks than workers, deals out the samples of each. */
export function divideTasks(
  tasks: GenerateTask[],
  workers: number,
): { index: number; task: GenerateTask }[][] {
  if (tasks.length >= workers) {
    return Array.from({ length: workers }, (_, rank) =>
      tasks.map((task, index) => ({ index, task })).filter(({ index }) => index % workers === rank),
    );
  }
  return Array.from({ length: workers }, (_, rank) =>
    tasks
      .map((task, index) => ({
        index,
        task: { ...task, samples: task.samples.filter((_sample, i) => i % workers === rank) },
      }))
      .filter(({ task }) => task.samples.length > 0),
  );
}

/** Results of the shares that `divideBy` made, each where its entry stood. */
export function inOrder<T, R>(shares: Placed<T>[][], parts: R[][]): R[] {
  const results = Array<R>(shares.reduce((sum, share) => sum + share.length, 0));
  parts.forEach((part, rank) => {
    part.forEach((result, i) => (results[shares[rank]?.[i]?.index as number] = result));
  });
  return results;
}
