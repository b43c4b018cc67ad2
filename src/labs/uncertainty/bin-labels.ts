import { formatNumber } from '../../harness/format.ts';

/** Names of the bins between these lower edges: "below 3.50", "3.50 to 4.25", "4.25 or more". */
export function binLabels(cuts: readonly number[]): string[] {
  if (cuts.length === 0) return ['all'];
  const edge = (cut: number) => formatNumber(cut);
  return [
    `below ${edge(cuts[0]!)}`,
    ...cuts.slice(1).map((cut, i) => `${edge(cuts[i]!)} to ${edge(cut)}`),
    `${edge(cuts.at(-1)!)} or more`,
  ];
}
