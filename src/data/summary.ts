import { SCORES, type Item } from '../judge/item.ts';

/** A data set in numbers. */
export interface DataSummary {
  items: number;
  instructions: number;
  /** Items with a true score. */
  labelled: number;
  /** How many items have the scores 1 to 5. */
  histogram: [number, number, number, number, number];
  /** Items of each criterion and family, the commonest first. */
  criteria: [string, number][];
  families: [string, number][];
}

/** Counts what a data set holds. */
export function summarise(items: readonly Item[]): DataSummary {
  return {
    items: items.length,
    instructions: new Set(items.map(({ instruction }) => instruction)).size,
    labelled: items.filter(({ score }) => score !== undefined).length,
    histogram: SCORES.map(
      (level) => items.filter(({ score }) => score === level).length,
    ) as DataSummary['histogram'],
    criteria: counted(items.map(({ criterion }) => criterion)),
    families: counted(items.flatMap(({ family }) => family ?? [])),
  };
}

function counted(names: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}
