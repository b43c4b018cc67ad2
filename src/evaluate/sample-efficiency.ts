/** What verdicts are worth beside labels. */
export interface SampleEfficiency {
  /** ρ²: squared correlation of verdicts and labels; null where one of them is constant. */
  rhoSquared: number | null;
  /** τ: how many times as many labels alone would give the same variance; 1 where the verdicts tell nothing. */
  factor: number;
  /** The largest τ that any number of verdicts could give, 1 / (1 − ρ²): Infinity for a judge that is always right. */
  bound: number;
}

/**
 * τ = Var(labels alone) / Var(tuned PPI) = 1 / (1 − ρ² N / (n + N)) and its bound (arXiv 2410.13341; no
 * unbiased estimator does better, Theorem 5). Where ρ² is undefined the estimate falls back on the labels: τ = 1.
 * @param labelled n, at least 1
 * @param unlabelled N
 */
export function sampleEfficiency(
  rhoSquared: number | null,
  labelled: number,
  unlabelled: number,
): SampleEfficiency {
  const known = rhoSquared ?? 0;
  return {
    rhoSquared,
    factor: 1 / (1 - (known * unlabelled) / (labelled + unlabelled)),
    bound: 1 / (1 - known),
  };
}
