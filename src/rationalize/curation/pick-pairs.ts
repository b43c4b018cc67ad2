import { shuffled, type Random } from '../../judge/random.ts';

/**
 * At most `most` of the candidate pairs, in an order drawn from `next`; among those left, always the pair whose
 * two members were used least, so that few judgments do not fill all pairs of an item.
 */
export function pickPairs<J>(candidates: readonly [J, J][], most: number, next: Random): [J, J][] {
  const left = shuffled(candidates, next);
  const uses = new Map<J, number>();
  const used = ([chosen, rejected]: [J, J]) => (uses.get(chosen) ?? 0) + (uses.get(rejected) ?? 0);
  const picked: [J, J][] = [];
  while (picked.length < most && left.length > 0) {
    const least = Math.min(...left.map(used));
    const [pair] = left.splice(left.findIndex((one) => used(one) === least), 1); // prettier-ignore
    for (const judgment of pair!) uses.set(judgment, (uses.get(judgment) ?? 0) + 1);
    picked.push(pair!);
  }
  return picked;
}
