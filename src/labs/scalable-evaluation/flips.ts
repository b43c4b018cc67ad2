import type { Cell } from './cell.ts';

/** Two models that truth and judge put in opposite orders. */
export interface Flip {
  better: Cell;
  worse: Cell;
}

/** The reversed pairs of one judge, of how many pairs whose true scores differ; the widest true gap first. */
export interface Flips {
  by: string;
  pairs: number;
  flips: Flip[];
}

/** For each judge that judged two models or more whose truth is known. */
export function flipsByJudge(cells: readonly Cell[]): Flips[] {
  const judges = [...new Set(cells.map(({ by }) => by))];
  return judges.flatMap((by) => {
    const known = cells
      .filter((cell) => cell.by === by && cell.truth !== null)
      .toSorted((a, b) => b.truth! - a.truth!);
    const pairs = known.flatMap((better, i) =>
      known.slice(i + 1).flatMap((worse) => (better.truth! > worse.truth! ? [{ better, worse }] : [])),
    );
    if (pairs.length === 0) return [];
    const gap = ({ better, worse }: Flip) => better.truth! - worse.truth!;
    const flips = pairs
      .filter(({ better, worse }) => better.judged < worse.judged)
      .toSorted((a, b) => gap(b) - gap(a));
    return { by, pairs: pairs.length, flips };
  });
}
