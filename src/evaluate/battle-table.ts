import type { Battle } from '../judge/model-vote.ts';

/** How often each contestant beat each other one: all that win rates and Bradley–Terry need to know of the battles. */
export interface BattleTable {
  contestants: readonly string[];
  /** Row beat column, [contestants × contestants]; a tie is half a win for either side. */
  wins: Float64Array;
}

/**
 * Counts battles.
 *
 * @param contestants order of the table, and those who may have no battle in a resample; by name where left out
 * @throws RangeError when a battle names somebody else, or the same contestant twice.
 */
export function battleTable(
  battles: readonly Battle[],
  contestants: readonly string[] = [...new Set(battles.flatMap(({ a, b }) => [a, b]))].sort(),
): BattleTable {
  const places = new Map(contestants.map((name, place) => [name, place]));
  const wins = new Float64Array(contestants.length ** 2);
  for (const { a, b, winner, weight = 1 } of battles) {
    const first = places.get(a);
    const second = places.get(b);
    if (first === undefined || second === undefined || first === second)
      throw new RangeError(`A battle of ${a} against ${b} is not one between two of the contestants.`);
    const share = winner === 'tie' ? 0.5 : winner === 'a' ? 1 : 0;
    wins[first * contestants.length + second]! += weight * share;
    wins[second * contestants.length + first]! += weight * (1 - share);
  }
  return { contestants, wins };
}

/** Share of its battles that each contestant won, ties half; null for one without battles. */
export function winRates({ contestants, wins }: BattleTable): (number | null)[] {
  const n = contestants.length;
  return contestants.map((_, i) => {
    let won = 0;
    let lost = 0;
    for (let j = 0; j < n; j++) {
      won += wins[i * n + j]!;
      lost += wins[j * n + i]!;
    }
    return won + lost === 0 ? null : won / (won + lost);
  });
}
