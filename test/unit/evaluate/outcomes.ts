import type { Score } from '../../../src/judge/item.ts';
import type { Outcome } from '../../../src/evaluate/outcome.ts';

/** Outcomes from `label score` pairs; 0 stands for a judgment that could not be read. */
export function outcomes(pairs: [label: number, score: number][], more: Partial<Outcome> = {}): Outcome[] {
  return pairs.map(([label, score], i) => ({
    itemId: `item ${i}`,
    group: `prompt ${i}`,
    label: label as Score,
    score: score === 0 ? null : (score as Score),
    rationaleExact: null,
    slip: false,
    ...more,
  }));
}
