import { mean, sampleCorrelation } from 'simple-statistics';
import { binaryCounts } from '../../evaluate/binary-counts.ts';
import { bootstrapStatistics } from '../../evaluate/bootstrap-statistic.ts';
import { isConstant } from '../../evaluate/constant.ts';
import { judgeLimits, ratesOf, type JudgeRates } from '../../evaluate/judge-limits.ts';
import { labelledSample, type LabelledSample } from '../../evaluate/labelled-sample.ts';
import { predictionPowered } from '../../evaluate/prediction-powered.ts';
import { sampleEfficiency } from '../../evaluate/sample-efficiency.ts';
import { random, shuffled } from '../../judge/random.ts';
import type { Steps } from '../../judge/steps.ts';
import type { VerdictRow } from '../../judge/verdict-table.ts';
import type { Settings } from './fields.ts';

export interface Range {
  low: number;
  high: number;
}

/** What all labels together say of judge and model; shares 0 to 1. Its rates are b, p and q of the paper. */
export interface KnownRates extends JudgeRates {
  /** AG */
  agreement: number;
  /** JB = E(t − s) */
  judgeBias: number;
  /** null for a judge that says the same of everything. */
  rhoSquared: number | null;
  /** τ with the labels and verdicts at hand. */
  factor: number;
  /** The largest τ that any number of verdicts could give; null where it is without end. */
  bound: number | null;
}

/** One judge's verdicts on one model's answers. */
export interface Cell {
  /** Who judges. */
  by: string;
  /** Whose answers; null where the table does not say. */
  taker: string | null;
  /** Mean verdict on the unlabelled answers: naive. */
  judge: number;
  /** Mean verdict on all answers that it could read: what it ranks models by. */
  judged: number;
  /** Mean of the labels alone. */
  labels: number;
  ppi: number;
  /** Weight of the verdicts in tuned PPI; null for a constant judge, which leaves the labels alone. */
  lambda: number | null;
  tunedPpi: number;
  /** Mean of all labels; null where some answers have none. */
  truth: number | null;
  /** Over the labelled answers; null where labels or verdicts are all the same there. */
  rhoSquared: number | null;
  /** τ: how many times as many labels alone would be as exact. */
  factor: number;
  /** 95 %: by the normal approximation; those of ρ² and τ by bootstrap over the labelled answers. */
  intervals: Record<'judge' | 'labels' | 'ppi' | 'tunedPpi', Range> &
    Record<'rhoSquared' | 'factor', Range | null>;
  /** n and N; rows without a readable verdict are in neither. */
  labelled: number;
  unlabelled: number;
  unread: number;
  /** null unless all rows are labelled, with 1 and 0, and there are right and wrong ones. */
  known: KnownRates | null;
}

/**
 * Estimates of one judge's and model's rows. Where every row is labelled, `labels` of them, drawn by seed, are the
 * labelled part, and all labels together are the truth; otherwise the rows with a label are the labelled part.
 * @throws RangeError in words where nothing can be estimated: fewer than two labels, or no answer without one
 */
export function* estimateCell(
  by: string,
  taker: string | null,
  rows: readonly VerdictRow[],
  { labels, seed }: Pick<Settings, 'labels' | 'seed'>,
): Steps<Cell> {
  const complete = rows.every(({ label }) => label !== null);
  const drawn = complete ? withoutMostLabels(rows, labels, random(seed, 'labelled', taker ?? '')) : rows;
  const sample = labelledSample(drawn);
  const { judge, labels: alone, ppi, tunedPpi, lambda, rhoSquared, factor } = predictionPowered(sample);
  const sizes = { labelled: sample.labels.length, unlabelled: sample.unlabelledVerdicts.length };
  const range = ({ low, high }: Range): Range => ({ low, high });
  const intervals = { judge: range(judge), labels: range(alone), ppi: range(ppi), tunedPpi: range(tunedPpi) };
  return {
    by,
    taker,
    judge: judge.mean,
    judged: mean([...sample.labelledVerdicts, ...sample.unlabelledVerdicts]),
    labels: alone.mean,
    ppi: ppi.mean,
    lambda,
    tunedPpi: tunedPpi.mean,
    truth: complete ? meanLabel(rows) : null,
    rhoSquared,
    factor,
    intervals: { ...intervals, ...(yield* efficiencyIntervals(sample, seed)) },
    ...sizes,
    unread: rows.length - sizes.labelled - sizes.unlabelled,
    known: complete ? knownRates(rows, sizes) : null,
  };
}

/** The same answers of a model for every judge, as far as it could read them: labels belong to the model. */
function withoutMostLabels(rows: readonly VerdictRow[], labels: number, next: () => number): VerdictRow[] {
  const order = shuffled([...rows.keys()], next);
  const kept = new Set(order.filter((i) => rows[i]!.verdict !== null).slice(0, labels));
  return rows.map((row, i) => (kept.has(i) ? row : { ...row, label: null }));
}

function meanLabel(rows: readonly VerdictRow[]): number {
  return mean(rows.map(({ label }) => Number(label)));
}

/** From an interval of ρ with its sign, for ρ² alone would never reach down to 0. */
function* efficiencyIntervals(
  { labels, labelledVerdicts, unlabelledVerdicts }: LabelledSample,
  seed: number,
): Steps<Record<'rhoSquared' | 'factor', Range | null>> {
  const correlation = (draw: readonly number[]) => {
    const [s, t] = [draw.map((i) => labels[i]!), draw.map((i) => labelledVerdicts[i]!)];
    return isConstant(s) || isConstant(t) ? null : sampleCorrelation(s, t);
  };
  const { found } = yield* bootstrapStatistics(
    labels.map((_, i) => [i]),
    { found: correlation },
    { seed },
  );
  if (!found || !Number.isFinite(found.low)) return { rhoSquared: null, factor: null };
  const ends = [found.low ** 2, found.high ** 2];
  const low = found.low <= 0 && found.high >= 0 ? 0 : Math.min(...ends);
  const high = Math.min(1, Math.max(...ends));
  const factor = (rhoSquared: number) =>
    sampleEfficiency(rhoSquared, labels.length, unlabelledVerdicts.length).factor;
  return { rhoSquared: { low, high }, factor: { low: factor(low), high: factor(high) } };
}

function knownRates(
  rows: readonly VerdictRow[],
  sizes: { labelled: number; unlabelled: number },
): KnownRates | null {
  const binary = ({ verdict, label }: VerdictRow) =>
    [0, 1, null].includes(verdict as 0) && (label === 0 || label === 1);
  if (!rows.every(binary)) return null;
  const counts = binaryCounts(rows);
  const rates = ratesOf(counts);
  if (rates === null) return null;
  const { agreement, judgeBias, rhoSquared, factor, bound } = judgeLimits(rates, sizes);
  return {
    ...rates,
    agreement,
    judgeBias,
    rhoSquared,
    factor,
    bound: Number.isFinite(bound) ? bound : null,
  };
}
