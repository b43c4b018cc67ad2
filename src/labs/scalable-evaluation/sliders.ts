import {
  judgeLimits,
  type JudgeLimits,
  type JudgeRates,
  type SampleSizes,
} from '../../evaluate/judge-limits.ts';
import type { LabRun } from '../../harness/lab-run.ts';
import type { ScalableEvaluation } from './cells.ts';

export interface SliderValues {
  rates: JudgeRates;
  sizes: SampleSizes;
}

/** A model of 80 %, a judge that passes 85 % of right and fails 60 % of wrong answers. */
const EXAMPLE: SliderValues = {
  rates: { trueScore: 0.8, sensitivity: 0.85, specificity: 0.6 },
  sizes: { labelled: 40, unlabelled: 360 },
};

/** Where the sliders stand at first: the rates that a finished run knows of its first judge and model. */
export function startValues(run: LabRun | null): SliderValues {
  const result = run?.outcome?.result as ScalableEvaluation | undefined;
  if (!result?.known) return structuredClone(EXAMPLE);
  const { trueScore, sensitivity, specificity } = result.known;
  const { labelled, unlabelled } = result;
  return { rates: { trueScore, sensitivity, specificity }, sizes: { labelled, unlabelled } };
}

/** An expected estimate with the interval that 95 of 100 samples would give around it. */
export interface ExpectedEstimate {
  name: string;
  mean: number;
  low: number;
  high: number;
}

const Z_95 = 1.959964;

/** What each way of estimating may be expected to say; only the judge alone is off on average. */
export function expectedEstimates(
  { judgedScore, standardErrors: errors }: JudgeLimits,
  trueScore: number,
): ExpectedEstimate[] {
  const estimate = (name: string, mean: number, error: number) => {
    return { name, mean, low: mean - Z_95 * error, high: mean + Z_95 * error };
  };
  return [
    estimate('judge alone (naive)', judgedScore, errors.judge),
    estimate('labels alone', trueScore, errors.labels),
    estimate('PPI', trueScore, errors.ppi),
    estimate('tuned PPI', trueScore, errors.tunedPpi),
  ];
}

/** What follows from the sliders, in words. */
export function wordsFor({ rates, sizes }: SliderValues): string {
  const { agreement, factor, bound } = judgeLimits(rates, sizes);
  const { trueScore } = rates;
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const limit = Number.isFinite(bound)
    ? `${bound.toFixed(2)} times with any number of verdicts`
    : 'without end';
  const worth = `The judge is right on ${percent(agreement)}. ${sizes.labelled} labels count ${factor.toFixed(2)} times with it, ${limit}.`;
  if (agreement > trueScore)
    return `${worth} It is better than the model (${percent(trueScore)}), so that no bound of 2 holds.`;
  if (agreement < 0.5) return `${worth} It is right less than half of the time, so that no bound of 2 holds.`;
  return `${worth} It is no better than the model (${percent(trueScore)}): never more than twice.`;
}
