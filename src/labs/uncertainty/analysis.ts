import { mean } from 'simple-statistics';
import { bootstrapStatistics, type Statistic } from '../../evaluate/bootstrap-statistic.ts';
import type { Interval } from '../../evaluate/resample.ts';
import type { Steps } from '../../judge/steps.ts';
import type { Settings } from './fields.ts';
import { judgedItems, type JudgedItem, type SampledItem } from './judged-item.ts';
import type { Bounds, JudgeResult, RuleOverSplits, UncertaintyResult } from './result.ts';
import { byRule, halvesOf, selects, trialOf, type RuleName, type Trial } from './rules.ts';
import { nearTopItems, positivityOf } from './same-score.ts';
import { splitGain } from './split-gain.ts';

/** Thrown when too few items have a spread. */
export class NoSpreadError extends Error {
  override name = 'NoSpreadError';
  constructor(judge: string) {
    super(
      `Fewer than four items have two readable verdicts of "${judge}": without several samples of an item there is no uncertainty, and half of the items must be left to test.`,
    );
  }
}

/** A judge's items as its result rests on them, and the first division into halves, for what stands behind marks. */
export interface JudgeAnalysis {
  result: JudgeResult;
  items: JudgedItem[];
  test: JudgedItem[];
  trial: Trial;
}

/** The first judge in full, the others' numbers. @throws NoSpreadError */
export function* analyseJudges(
  byJudge: ReadonlyMap<string, readonly SampledItem[]>,
  settings: Settings,
): Steps<{ result: UncertaintyResult; first: JudgeAnalysis }> {
  const all: (JudgeAnalysis & { name: string })[] = [];
  for (const [name, items] of byJudge) all.push({ name, ...(yield* analyseJudge(name, items, settings)) });
  const [first, ...others] = all;
  const result = {
    judge: first!.name,
    ...first!.result,
    others: Object.fromEntries(others.map(({ name, result: own }) => [name, own])),
  };
  return { result, first: first! };
}

function* analyseJudge(
  name: string,
  sampled: readonly SampledItem[],
  settings: Settings,
): Steps<JudgeAnalysis> {
  const items = judgedItems(sampled);
  if (items.length < 4) throw new NoSpreadError(name);
  const trials = yield* trialsOf(items, settings);
  const { test } = halvesOf(items, settings.seed, 0);
  const [trial] = trials;
  const gains = { dp: gainOf(trials, 'dp'), mist: gainOf(trials, 'mist') };
  const near = nearTopItems(items);
  const result: JudgeResult = {
    items: items.length,
    leftOut: sampled.length - items.length,
    positivity: positivityOf(items)!,
    rules: byRule((rule) => {
      const { recall, precision, selected } = trial!.readings[rule];
      return { recall, precision, selected };
    }),
    overSplits: byRule((rule) => overSplits(trials, rule, settings.sigma)),
    gain: gains.dp?.gain ?? null,
    mistGain: gains.mist?.gain ?? null,
    nearTop: near.from,
    agreeing: { items: near.agreeing.length, positivity: positivityOf(near.agreeing) },
    spread: { items: near.spread.length, positivity: positivityOf(near.spread) },
    map: { ...trial!.binning, ...trial!.grid, firstBins: trial!.firstBins },
    intervals: {
      rules: yield* ruleIntervals(test, trial!, settings.seed),
      gain: boundsOf(gains.dp),
      mistGain: boundsOf(gains.mist),
      ...(yield* nearTopIntervals(items, settings.seed)),
    },
  };
  return { result, items, test, trial: trial! };
}

/** One division into halves is a step. */
function* trialsOf(items: readonly JudgedItem[], settings: Settings): Steps<Trial[]> {
  const trials: Trial[] = [];
  for (let split = 0; split < settings.splits; split++) {
    yield;
    const { fit, test } = halvesOf(items, settings.seed, split);
    trials.push(trialOf(fit, test, settings));
  }
  return trials;
}

function gainOf(trials: readonly Trial[], rule: RuleName) {
  return splitGain(
    trials.map(({ readings }) =>
      readings[rule].recall === null ? null : readings[rule].recall - readings.scoreOnly.recall!,
    ),
  );
}

function overSplits(trials: readonly Trial[], rule: RuleName, sigma: number): RuleOverSplits {
  const readings = trials.map((trial) => trial.readings[rule]);
  const known = (values: (number | null)[]) => values.filter((value) => value !== null);
  const recalls = known(readings.map(({ recall }) => recall));
  const precisions = known(readings.map(({ precision }) => precision));
  return {
    recall: recalls.length > 0 ? mean(recalls) : null,
    precision: precisions.length > 0 ? mean(precisions) : null,
    // Who takes nothing breaks no promise.
    kept:
      readings.filter(({ precision }) => precision === null || precision >= sigma).length / readings.length,
  };
}

/** By drawing items of the testing half; the boundaries stay as they were fitted. */
function* ruleIntervals(test: readonly JudgedItem[], trial: Trial, seed: number) {
  const statistics: Record<string, Statistic> = {};
  byRule((rule) => {
    const selected = test.map((item) => selects(trial, rule, item));
    const found = (draw: readonly number[]) => draw.filter((i) => selected[i] && test[i]!.positive).length;
    statistics[`${rule}/recall`] = (draw) => ratio(found(draw), draw.filter((i) => test[i]!.positive).length);
    statistics[`${rule}/precision`] = (draw) => ratio(found(draw), draw.filter((i) => selected[i]).length);
  });
  const intervals = yield* bootstrapStatistics(test.map((_, i) => [i]), statistics, { seed }); // prettier-ignore
  return byRule((rule) => ({
    recall: boundsOf(intervals[`${rule}/recall`]),
    precision: boundsOf(intervals[`${rule}/precision`]),
  }));
}

/** Nothing is fitted here, so all items count. */
function* nearTopIntervals(items: readonly JudgedItem[], seed: number) {
  const near = nearTopItems(items);
  const rows = [...near.agreeing, ...near.spread];
  const isAgreeing = (i: number) => i < near.agreeing.length;
  const positivity = (draw: readonly number[]) => positivityOf(draw.map((i) => rows[i]!));
  const agreeing: Statistic = (draw) => positivity(draw.filter(isAgreeing));
  const spread: Statistic = (draw) => positivity(draw.filter((i) => !isAgreeing(i)));
  const agreeingLessSpread: Statistic = (draw) => {
    const [a, b] = [agreeing(draw), spread(draw)];
    return a === null || b === null ? null : a - b;
  };
  const intervals = yield* bootstrapStatistics(rows.map((_, i) => [i]), { agreeing, spread, agreeingLessSpread }, { seed }); // prettier-ignore
  return {
    agreeing: boundsOf(intervals.agreeing),
    spread: boundsOf(intervals.spread),
    agreeingLessSpread: boundsOf(intervals.agreeingLessSpread),
  };
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function boundsOf(interval: Pick<Interval, 'low' | 'high'> | null | undefined): Bounds {
  if (!interval || Number.isNaN(interval.low)) return null;
  return { low: interval.low, high: interval.high };
}
