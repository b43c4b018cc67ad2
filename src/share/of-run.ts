import { MICRO_VERSION } from '../data/micro/items.ts';
import { changesOf, readTexts, SETTINGS_VERSION } from '../harness/fields.ts';
import type { Results } from '../rationalize/results.ts';
import type { JudgeResults, RoundResults } from '../rationalize/round-results.ts';
import { checkSettings, RUN_FIELDS, type RunSettings } from '../rationalize/settings.ts';
import type { Experiment } from './experiment.ts';
import { METRIC_DECIMALS, numbersOf, type Kept, type Numbers } from './numbers.ts';

const JUDGE_MEASURES = ['items', 'accuracy', 'mae', 'pearson', 'spearman', 'qwk', 'parseFailures', 'rationaleExact', 'rationaleExactSlips'] as const satisfies (keyof JudgeResults)[]; // prettier-ignore
const DIFFERENCES = ['difference', 'differenceFromRemap', 'differenceFromPrevious', 'rationaleDifference'] as const satisfies (keyof RoundResults)[]; // prettier-ignore

export const KEPT: Kept = { decimals: METRIC_DECIMALS, longestList: 10, deepest: 8 };

/** What a link tells of a run. */
export type RunFacts = Pick<Results, 'settings' | 'before' | 'rounds'> & {
  remap: JudgeResults;
  model: Experiment['model'];
};

/** Of what the headless command wrote. */
export function runFacts({ model, device, protocol, ...results }: Results): RunFacts {
  const { backend, workers } = device;
  return { ...results, model: { ...model, backend, workers, ...(protocol && { protocol }) } };
}

/** A run of Self-Rationalization with what it found. @param app version that makes the link */
export function experimentOfRun(results: RunFacts, app: string): Experiment {
  return {
    kind: 'run',
    app,
    numbers: { settings: SETTINGS_VERSION, items: MICRO_VERSION },
    settings: changesOf(RUN_FIELDS, checkSettings(results.settings)),
    model: results.model,
    metrics: metricsOfRun(results),
  };
}

/** What is measured on held-out items: of the seed judge, of remap, and of each round with its differences. */
export function metricsOfRun({
  before,
  remap,
  rounds,
}: Pick<RunFacts, 'before' | 'remap' | 'rounds'>): Numbers {
  const metrics = {
    before: picked(before, JUDGE_MEASURES),
    remap: picked(remap, JUDGE_MEASURES),
    rounds: rounds.map((round) => picked(round, [...JUDGE_MEASURES, ...DIFFERENCES])),
  };
  return numbersOf(metrics, KEPT) ?? {};
}

/** A run's stages, in their order. Results from before fingerprints have none. */
export function fingerprintsOfRun({ rounds }: Pick<Results, 'rounds'>): Record<string, string> {
  const stages = rounds.flatMap(({ round, fingerprints }) =>
    fingerprints
      ? [
          ...(round === 1 ? [['seed judge', fingerprints.before]] : []),
          [`round ${round} samples`, fingerprints.samples],
          [`round ${round} pairs`, fingerprints.pairs],
          [`round ${round} grades`, fingerprints.grades],
        ]
      : [],
  );
  return Object.fromEntries(stages) as Record<string, string>;
}

/** All its settings, defaults filled in. @throws SettingsError */
export const settingsOfRun = ({ settings }: Experiment): RunSettings => readTexts(RUN_FIELDS, settings);

function picked<T extends object>(from: T, names: readonly (keyof T)[]): Partial<T> {
  return Object.fromEntries(names.map((name) => [name, from[name]])) as Partial<T>;
}
