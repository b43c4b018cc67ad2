import type { Steps } from '../judge/steps.ts';
import { resample, type BootstrapOptions, type Indices, type Interval } from './resample.ts';

/**
 * Any statistic of some rows: `draw` holds their indices, a row as often as it was drawn. The list is used again for
 * the next draw: read it, do not keep it. null where the statistic is undefined.
 */
export type Statistic = (draw: readonly number[]) => number | null;

/**
 * Bootstrap of any statistics on the same draws. Rows that share something (the items of one prompt, the votes on
 * one question) are one group and are drawn together; `groupIndices` makes the groups from a column. What can be
 * read off a confusion matrix is quicker by `intervalOf` and `pairedDifferences`, on the same draws for a seed.
 * @param groups indices of the rows of each group
 * @returns percentile intervals of 95 %; null where a statistic is undefined on all rows
 */
export function* bootstrapStatistics<Name extends string>(
  groups: readonly Indices[],
  statistics: Readonly<Record<Name, Statistic>>,
  options: BootstrapOptions = {},
): Steps<Record<Name, Interval | null>> {
  const draw: number[] = [];
  const tally = {
    clear: () => void (draw.length = 0),
    add: (group: Indices) => {
      for (let i = 0; i < group.length; i++) draw.push(group[i]!);
    },
  };
  const names = Object.keys(statistics) as Name[];
  const readings = names.map((name) => () => statistics[name](draw));
  const intervals = yield* resample(groups, tally, readings, options);
  return Object.fromEntries(names.map((name, i) => [name, intervals[i]!])) as Record<Name, Interval | null>;
}
