import { forEachScored, type Confusion } from './confusion.ts';

/** How bad it is to give `score` where `label` is true; 0 where they agree. */
type Disagreement = (label: number, score: number) => number;

/**
 * Cohen's κ = 1 − Σ w·observed / Σ w·expected, expected from the two marginals; with w = 1 off the diagonal
 * this is (p_o − p_e) / (1 − p_e). Over judgments that could be read; null where chance alone agrees always.
 */
export function cohenKappa(confusion: Confusion): number | null {
  return weightedKappa(confusion, (label, score) => (label === score ? 0 : 1));
}

/** Quadratic-weighted κ: w = (label − score)², so that a miss by two weighs four times a miss by one. */
export function quadraticWeightedKappa(confusion: Confusion): number | null {
  return weightedKappa(confusion, (label, score) => (label - score) ** 2);
}

function weightedKappa(confusion: Confusion, weight: Disagreement): number | null {
  const labels = new Float64Array(6);
  const scores = new Float64Array(6);
  let n = 0;
  let observed = 0;
  forEachScored(confusion, (label, score, count) => {
    labels[label]! += count;
    scores[score]! += count;
    n += count;
    observed += weight(label, score) * count;
  });
  let expected = 0;
  for (let label = 1; label < 6; label++)
    for (let score = 1; score < 6; score++)
      expected += weight(label, score) * labels[label]! * scores[score]!;
  return expected === 0 ? null : 1 - (observed * n) / expected;
}
