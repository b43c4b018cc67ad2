import { auroc } from '../../evaluate/auroc.ts';
import { bootstrapStatistics, type Statistic } from '../../evaluate/bootstrap-statistic.ts';
import type { Interval } from '../../evaluate/resample.ts';
import { selectiveAuc, selectiveCurve } from '../../evaluate/selective.ts';
import type { Steps } from '../../judge/steps.ts';
import type { AnsweredQuestion } from './answered-question.ts';
import { measuresOf, pick, type Picked } from './picking.ts';
import type { Bounds, CurvePoint, SelectiveResult, Worth } from './result.ts';

const WORTHS = ['accuracy', 'calibrationAuc', 'selectiveAuc'] as const satisfies (keyof Worth)[];
/** Four measures of 150 questions take a second; twice as many draws move no bound by more than a few thousandths. */
const RESAMPLES = 1000;
/** Points of a curve: every twentieth of the questions. */
const POINTS = 20;

/** What one measure picked, one entry a question; null where it says nothing about the question. */
type Picks = readonly (Picked | null)[];

/**
 * Lets every measure pick its surest answer to each question and decide when to stay silent. Intervals draw questions.
 * @param questions at least one
 * @param compared the measure to compare with the first one; the second where left out
 */
export function* analyseAnswers(
  questions: readonly AnsweredQuestion[],
  seed: number,
  compared?: string,
): Steps<SelectiveResult> {
  const names = measuresOf(questions);
  const [baseline, second] = names;
  const picks = new Map(names.map((name) => [name, questions.map((question) => pick(question, name, seed))]));
  const statistics = statisticsOf(questions, picks, baseline!);
  const groups = questions.map((_, i) => [i]);
  const found = yield* bootstrapStatistics(groups, statistics, { seed, resamples: RESAMPLES });
  const worth = (key: string) => worthOf((name) => found[`${key}/${name}`]?.mean ?? null);
  const bounds = (key: string) => worthOf((name) => boundsOf(found[`${key}/${name}`]));
  const others = names.slice(1);
  const by = <T>(keys: readonly string[], value: (name: string) => T) =>
    Object.fromEntries(keys.map((name) => [name, value(name)]));
  return {
    measures: by(names, (name) => ({ ...worth(name), questions: rated(picks.get(name)!).length })),
    ahead: by(others, (name) => worth(aheadKey(name))),
    baseline: baseline!,
    compared: compared ?? second ?? null,
    randomPick: found['randomPick']!.mean,
    atLeastOneRight: found['atLeastOneRight']!.mean,
    questions: questions.length,
    answers: questions.reduce((sum, { candidates }) => sum + candidates.length, 0),
    curves: by(names, (name) => curveOf(rated(picks.get(name)!))),
    intervals: {
      measures: by(names, bounds),
      ahead: by(others, (name) => bounds(aheadKey(name))),
      randomPick: boundsOf(found['randomPick']),
      atLeastOneRight: boundsOf(found['atLeastOneRight']),
    },
  };
}

const aheadKey = (measure: string) => `ahead of the baseline/${measure}`;
const rated = (picks: Picks): Picked[] => picks.filter((picked) => picked !== null);

/** Every number of the result as a statistic of the questions that were drawn. */
function statisticsOf(
  questions: readonly AnsweredQuestion[],
  picks: ReadonlyMap<string, Picks>,
  baseline: string,
): Record<string, Statistic> {
  const right = questions.map(({ candidates }) => candidates.map((candidate) => Number(candidate.right)));
  const overQuestions =
    (value: (own: number[]) => number): Statistic =>
    (draw) =>
      mean(draw.map((i) => value(right[i]!)));
  const statistics: Record<string, Statistic> = {
    randomPick: overQuestions((own) => mean(own)!),
    atLeastOneRight: overQuestions((own) => Math.max(...own)),
  };
  const first = picks.get(baseline)!;
  for (const [measure, own] of picks)
    for (const name of WORTHS) {
      const value = READINGS[name];
      statistics[`${measure}/${name}`] = (draw) => value(drawn(own, draw));
      if (measure === baseline) continue;
      const both = (draw: readonly number[]) => draw.filter((i) => own[i] && first[i]);
      statistics[`${aheadKey(measure)}/${name}`] = (draw) => {
        const shared = both(draw);
        return difference(value(drawn(own, shared)), value(drawn(first, shared)));
      };
    }
  return statistics;
}

const drawn = (picks: Picks, draw: readonly number[]): Picked[] => rated(draw.map((i) => picks[i]!));

const confidencesOf = (picked: readonly Picked[]) => picked.map(({ confidence }) => confidence);
const qualitiesOf = (picked: readonly Picked[]) => picked.map(({ candidate }) => Number(candidate.right));

const READINGS: Record<keyof Worth, (picked: readonly Picked[]) => number | null> = {
  accuracy: (picked) => mean(qualitiesOf(picked)),
  calibrationAuc: (picked) =>
    auroc(
      confidencesOf(picked),
      picked.map(({ candidate }) => candidate.right),
    ),
  selectiveAuc: (picked) => selectiveAuc(selectiveCurve(confidencesOf(picked), qualitiesOf(picked))),
};

function worthOf<T>(read: (name: keyof Worth) => T): Record<keyof Worth, T> {
  return Object.fromEntries(WORTHS.map((name) => [name, read(name)])) as Record<keyof Worth, T>;
}

/** Quality at every twentieth of the coverage, or at every question where there are fewer. */
function curveOf(picked: readonly Picked[]): CurvePoint[] {
  const whole = selectiveCurve(confidencesOf(picked), qualitiesOf(picked));
  const points = Array.from({ length: POINTS }, (_, i) => Math.round(((i + 1) / POINTS) * picked.length));
  return [...new Set(points)].filter((answered) => answered > 0).map((answered) => ({ ...whole[answered - 1]!, answered })); // prettier-ignore
}

function boundsOf(interval: Interval | null | undefined): Bounds {
  if (!interval || Number.isNaN(interval.low)) return null;
  return { low: interval.low, high: interval.high };
}

function difference(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b;
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
