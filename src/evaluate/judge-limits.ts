import { share, totalCount, type BinaryCounts } from './binary-counts.ts';
import { sampleEfficiency, type SampleEfficiency } from './sample-efficiency.ts';

/** A judge of right and wrong, and the model that it judges; probabilities. */
export interface JudgeRates {
  /** b: the model's true score, P(s = 1). */
  trueScore: number;
  /** p: P(t = 1 | s = 1), the judge's share of right verdicts on right answers. */
  sensitivity: number;
  /** q: P(t = 0 | s = 0), the same on wrong answers. */
  specificity: number;
}

export interface SampleSizes {
  /** n ≥ 1 */
  labelled: number;
  /** N ≥ 1 */
  unlabelled: number;
}

/** What follows from the rates, without any data. */
export interface JudgeLimits extends SampleEfficiency {
  /** AG = P(t = s). */
  agreement: number;
  /** JB = E(t − s), which a high agreement does not bound: ±(1 − AG) are both possible. */
  judgeBias: number;
  /** E(t), the score that the judge alone reports. */
  judgedScore: number;
  /** λ* of tuned PPI; null for a judge that says the same of everything. */
  lambda: number | null;
  standardErrors: Record<'judge' | 'labels' | 'ppi' | 'tunedPpi', number>;
}

/**
 * Dorner, Nastl and Hardt, Limits to scalable evaluation (arXiv 2410.13341). Their Theorem 6: with
 * ½ ≤ AG ≤ b, that is a judge no better than the judged model, ρ² ≤ ½, so that labels are never saved more than twice.
 * @throws RangeError for rates outside 0 … 1 or sizes below 1
 */
export function judgeLimits(rates: JudgeRates, { labelled, unlabelled }: SampleSizes): JudgeLimits {
  assertRates(rates, { labelled, unlabelled });
  const { trueScore: b, sensitivity: p, specificity: q } = rates;
  const judgedScore = b * p + (1 - b) * (1 - q);
  const variance = { label: b * (1 - b), verdict: judgedScore * (1 - judgedScore) };
  const covariance = b * (p - judgedScore);
  const lambda = variance.verdict > 0 ? covariance / ((1 + labelled / unlabelled) * variance.verdict) : null;
  const errorWith = (weight: number) =>
    standardError(weight, { ...variance, covariance }, { labelled, unlabelled });
  return {
    agreement: b * p + (1 - b) * q,
    judgeBias: (1 - q) * (1 - b) - (1 - p) * b,
    judgedScore,
    lambda,
    standardErrors: {
      judge: Math.sqrt(variance.verdict / unlabelled),
      labels: errorWith(0),
      ppi: errorWith(1),
      tunedPpi: errorWith(lambda ?? 0),
    },
    ...sampleEfficiency(squaredCorrelation(variance, covariance), labelled, unlabelled),
  };
}

/** The rates that were counted; null without right or without wrong answers, for then one is undefined. */
export function ratesOf(counts: BinaryCounts): JudgeRates | null {
  const { tp, fp, fn, tn } = counts;
  const trueScore = share(tp + fn, totalCount(counts));
  const sensitivity = share(tp, tp + fn);
  const specificity = share(tn, fp + tn);
  if (trueScore === null || sensitivity === null || specificity === null) return null;
  return { trueScore, sensitivity, specificity };
}

interface Moments {
  label: number;
  verdict: number;
  covariance: number;
}

/** Of θ_λ: Var = λ² Var(t) (1 / n + 1 / N) − 2 λ Cov / n + Var(s) / n. */
function standardError(
  weight: number,
  { label, verdict, covariance }: Moments,
  { labelled, unlabelled }: SampleSizes,
): number {
  const ofVerdicts = weight ** 2 * verdict * (1 / labelled + 1 / unlabelled);
  // Rounding alone takes it below zero, for a judge that is always right.
  return Math.sqrt(Math.max(0, ofVerdicts + (label - 2 * weight * covariance) / labelled));
}

function squaredCorrelation(
  { label, verdict }: Omit<Moments, 'covariance'>,
  covariance: number,
): number | null {
  return label > 0 && verdict > 0 ? Math.min(1, covariance ** 2 / (label * verdict)) : null;
}

function assertRates(rates: JudgeRates, sizes: SampleSizes): void {
  for (const [name, rate] of Object.entries(rates) as [string, number][])
    if (!(rate >= 0 && rate <= 1)) throw new RangeError(`The ${name} ${rate} is no probability from 0 to 1.`);
  for (const [name, size] of Object.entries(sizes) as [string, number][])
    if (!(size >= 1)) throw new RangeError(`The number of ${name} items must be at least 1, not ${size}.`);
}
