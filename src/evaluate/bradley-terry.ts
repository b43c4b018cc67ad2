import type { BattleTable } from './battle-table.ts';
import { fitLogisticRegression } from './logistic-regression.ts';

/** A lead of 400 points is ten wins to one, as in Elo. */
const POINTS = 400 / Math.LN10;
const MEAN = 1000;

/**
 * Bradley–Terry ratings: the strengths under which the battles are likeliest when i beats j with probability
 * 1 / (1 + 10^((rⱼ − rᵢ) / 400)), in the order of the table's contestants, mean 1000. Unlike Elo they do not depend on the
 * order of the battles. A tie is half a win and half a loss. For an interval, draw battles anew and count them again: a
 * table costs little, and fitting does not grow with the battles.
 *
 * null where no finite ratings exist: some contestants never won, not even half, against the rest (Ford 1957).
 */
export function bradleyTerry(table: BattleTable): number[] | null {
  const n = table.contestants.length;
  if (!isConnected(table)) return null;
  if (n < 2) return table.contestants.map(() => MEAN);
  const { rows, outcomes, sampleWeights } = regressionOf(table);
  const { coefficients } = fitLogisticRegression(rows, outcomes, {
    sampleWeights,
    C: Infinity,
    intercept: false,
  });
  const strengths = [0, ...coefficients];
  const mean = strengths.reduce((sum, strength) => sum + strength, 0) / n;
  return strengths.map((strength) => MEAN + POINTS * (strength - mean));
}

/**
 * One row per pair and winner: +1 for one, −1 for the other. Strengths have no zero point of their own, so the first
 * contestant's is fixed at 0 and has no column.
 */
function regressionOf({ contestants, wins }: BattleTable) {
  const n = contestants.length;
  const rows: number[][] = [];
  const outcomes: number[] = [];
  const sampleWeights: number[] = [];
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) {
      const row = contestants.map((_, place) => Number(place === i) - Number(place === j)).slice(1);
      rows.push(row, row);
      outcomes.push(1, 0);
      sampleWeights.push(wins[i * n + j]!, wins[j * n + i]!);
    }
  return { rows, outcomes, sampleWeights };
}

/** Whether a chain of wins leads from each contestant to each other one. */
function isConnected({ contestants, wins }: BattleTable): boolean {
  const n = contestants.length;
  const reaches = (from: (i: number, j: number) => number) => {
    const reached = new Set([0]);
    for (const i of reached) for (let j = 0; j < n; j++) if (wins[from(i, j)]! > 0) reached.add(j);
    return reached.size >= n;
  };
  return reaches((i, j) => i * n + j) && reaches((i, j) => j * n + i);
}
