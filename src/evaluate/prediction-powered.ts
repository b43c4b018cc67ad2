import { mean, sampleCorrelation, sampleCovariance, sampleVariance } from 'simple-statistics';
import { isConstant } from './constant.ts';
import type { LabelledSample } from './labelled-sample.ts';
import type { Interval } from './resample.ts';
import { sampleEfficiency, type SampleEfficiency } from './sample-efficiency.ts';

/** An estimated mean with its 95 % interval by the normal approximation. */
export interface Estimate extends Interval {
  standardError: number;
}

/** The mean label of a population, estimated in four ways. */
export interface PredictionPowered extends SampleEfficiency {
  /** Mean verdict on the unlabelled items: naive, off by the judge's bias. */
  judge: Estimate;
  /** Mean of the labels alone. */
  labels: Estimate;
  /** Mean verdict on the unlabelled items, corrected by the mean error on the labelled ones. */
  ppi: Estimate;
  /** PPI with the weight λ of the least variance. */
  tunedPpi: Estimate;
  /** Not clipped to 0 … 1; null for a judge that says the same of everything: then only the labels count. */
  lambda: number | null;
}

/** The middle 95 % of a normal distribution, in standard deviations to either side. */
const Z_95 = 1.959964;

/**
 * Prediction-powered inference of a mean (Angelopoulos et al., arXiv 2301.09633), tuned as in PPI++ and in Dorner,
 * Nastl and Hardt (arXiv 2410.13341): θ_λ = mean(s) + λ (mean of unlabelled t − mean of labelled t),
 * which is the labels alone for λ = 0 and plain PPI for λ = 1. λ* = Cov(s, t) / ((1 + n / N) Var t), the covariance
 * from the n labelled items, the variance from all n + N, both with n − 1.
 * @throws RangeError in words for fewer than two labelled items or none without a label
 */
export function predictionPowered(sample: LabelledSample): PredictionPowered {
  const { labels, labelledVerdicts, unlabelledVerdicts } = sample;
  assertUsable(sample);
  const verdicts = [...labelledVerdicts, ...unlabelledVerdicts];
  const spread = isConstant(verdicts) ? 0 : sampleVariance(verdicts);
  const lambda = optimalWeight(sample, spread);
  return {
    judge: estimate(mean([...unlabelledVerdicts]), spread / unlabelledVerdicts.length),
    labels: weighted(sample, 0, spread),
    ppi: weighted(sample, 1, spread),
    tunedPpi: weighted(sample, lambda ?? 0, spread),
    lambda,
    ...sampleEfficiency(squaredCorrelation(sample), labels.length, unlabelledVerdicts.length),
  };
}

function optimalWeight(sample: LabelledSample, spread: number): number | null {
  if (spread === 0) return null;
  const covariance = sampleCovariance([...sample.labels], [...sample.labelledVerdicts]);
  return covariance / ((1 + sample.labels.length / sample.unlabelledVerdicts.length) * spread);
}

/** θ_λ. Its two parts are independent: Var = λ² Var(t) / N + Var(s − λ t) / n. */
function weighted(sample: LabelledSample, lambda: number, spread: number): Estimate {
  const { labels, labelledVerdicts, unlabelledVerdicts } = sample;
  const residuals = labels.map((label, i) => label - lambda * labelledVerdicts[i]!);
  const value = mean([...labels]) + lambda * (mean([...unlabelledVerdicts]) - mean([...labelledVerdicts]));
  const variance =
    (lambda ** 2 * spread) / unlabelledVerdicts.length + sampleVariance(residuals) / labels.length;
  return estimate(value, variance);
}

function estimate(value: number, variance: number): Estimate {
  const standardError = Math.sqrt(variance);
  return {
    mean: value,
    low: value - Z_95 * standardError,
    high: value + Z_95 * standardError,
    standardError,
  };
}

/** ρ² over the labelled items; null where labels or verdicts are constant there. */
function squaredCorrelation({ labels, labelledVerdicts }: LabelledSample): number | null {
  if (isConstant(labels) || isConstant(labelledVerdicts)) return null;
  return Math.min(1, sampleCorrelation([...labels], [...labelledVerdicts]) ** 2);
}

function assertUsable({ labels, labelledVerdicts, unlabelledVerdicts }: LabelledSample): void {
  if (labels.length !== labelledVerdicts.length)
    throw new RangeError(
      `${labels.length} labels, but ${labelledVerdicts.length} verdicts on labelled items.`,
    );
  if (labels.length < 2)
    throw new RangeError(
      `A mean with an interval needs at least two labelled items; here are ${labels.length}.`,
    );
  if (unlabelledVerdicts.length === 0)
    throw new RangeError('All items are labelled: there is nothing left that a judge could add.');
}
