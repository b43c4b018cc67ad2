import type { Cell, Table } from '../data/export/table.ts';
import { MEASURES, type MeasureName } from '../evaluate/metrics.ts';
import type { Interval } from '../evaluate/resample.ts';
import { RUN_FIELDS, type RunSettings } from './settings.ts';
import type { Round, Run } from './records.ts';
import type { JudgeResults, RoundResults } from './round-results.ts';

const NAMES = Object.keys(MEASURES) as MeasureName[];
const MEASURE_COLUMNS = ['items', ...NAMES, 'rationaleExact', 'rationaleExactSlips'] as const;
const DIFFERENCE_COLUMNS = [...NAMES, 'accuracyBeyondRemap', 'rationaleExact'].flatMap((name) =>
  ['', '_low', '_high'].map((end) => `difference_${name}${end}`),
);

/** A run's judges on its held-out items, a row each: shares 0–1, differences from the seed judge with their intervals. */
export function resultsTable(
  seed: { before: JudgeResults; remap: JudgeResults },
  rounds: readonly RoundResults[],
): Table {
  const without = DIFFERENCE_COLUMNS.map(() => null);
  return {
    columns: ['judge', ...MEASURE_COLUMNS, ...DIFFERENCE_COLUMNS, 'pairs', 'steps'],
    rows: [
      ['seed judge', ...measured(seed.before), ...without, null, null],
      ['remap', ...measured(seed.remap), ...without, null, null],
      ...rounds.map((round) => [
        `round ${round.round}`,
        ...measured(round),
        ...differences(round),
        round.pairs,
        round.steps,
      ]),
    ],
  };
}

/** Runs beside each other, a row each: every setting, and what the last finished round measured. */
export function runsTable(runs: readonly { run: Run; rounds: readonly Round[] }[]): Table {
  const settings = Object.keys(RUN_FIELDS) as (keyof RunSettings)[];
  return {
    columns: [
      'run', 'name', 'created', 'app_version', 'seed_judge', 'protocol', ...settings, 'rounds_finished', 'seconds',
      ...MEASURE_COLUMNS, ...DIFFERENCE_COLUMNS,
    ], // prettier-ignore
    rows: runs.map(({ run, rounds }) => {
      const results = rounds.findLast((round) => round.results)?.results;
      const none = [...MEASURE_COLUMNS, ...DIFFERENCE_COLUMNS].map(() => null);
      return [
        run.id,
        run.name,
        new Date(run.created).toISOString(),
        run.appVersion,
        run.seedPolicy,
        run.protocol,
        ...settings.map((key) => run.settings[key]),
        rounds.filter((round) => round.results).length,
        secondsOf(rounds),
        ...(results ? [...measured(results), ...differences(results)] : none),
      ];
    }),
  };
}

/** What the rounds took in all. */
export function secondsOf(rounds: readonly Round[]): number {
  return rounds.reduce(
    (sum, { sample, train, evaluate }) => sum + sample.seconds + train.seconds + evaluate.seconds,
    0,
  );
}

const measured = (judge: JudgeResults): Cell[] => MEASURE_COLUMNS.map((name) => judge[name]);

function differences(round: RoundResults): Cell[] {
  const intervals = [
    ...NAMES.map((name) => round.differences[name]),
    round.differenceFromRemap,
    round.rationaleDifference,
  ];
  return intervals.flatMap(cellsOf);
}

const cellsOf = (interval: Interval | null): Cell[] =>
  interval ? [interval.mean, interval.low, interval.high] : [null, null, null];
