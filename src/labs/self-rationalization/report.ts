import type { Block, WithInterval } from '../../harness/report.ts';
import { formatChange, formatShare } from '../../harness/format.ts';
import type { Interval } from '../../evaluate/resample.ts';
import type { JudgeResults, RoundResults } from '../../rationalize/round-results.ts';

const withInterval = ({ mean, low, high }: Interval): WithInterval => ({ value: mean, low, high });

/** The judges of a run on its held-out items. */
export interface Judges {
  before: JudgeResults;
  remap: JudgeResults;
  rounds: readonly RoundResults[];
}

type Named = { label: string; judge: JudgeResults };

/** Accuracy of the judges, differences with intervals, and the table that the headless command prints. */
export function reportOf({ before, remap, rounds }: Judges): Block[] {
  const judges = [
    { label: 'seed judge', judge: before },
    { label: 'seed judge, remapped', judge: remap },
    ...rounds.map((round) => ({ label: `after round ${round.round}`, judge: round })),
  ];
  return [accuracyBars(judges), gains(rounds), judgesTable(judges)];
}

function accuracyBars(judges: readonly Named[]): Block {
  return {
    kind: 'bars',
    title: 'Held-out items: right scores, and rationales that are right word for word',
    format: 'share',
    series: ['right score', 'exact rationale'],
    groups: judges.map(({ label, judge }) => ({
      label,
      bars: [{ value: judge.accuracy }, { value: judge.rationaleExact }],
    })),
  };
}

function gains(rounds: readonly RoundResults[]): Block {
  return {
    kind: 'intervals',
    title: 'Gain in accuracy',
    format: 'points',
    rows: rounds.flatMap((round) => [
      {
        label: `round ${round.round} over the seed judge`,
        ...withInterval(round.difference),
        emphasis: true,
      },
      { label: `round ${round.round} over remap`, ...withInterval(round.differenceFromRemap) },
    ]),
    lines: [{ label: 'no gain', at: 0 }],
  };
}

function judgesTable(judges: readonly Named[]): Block {
  return {
    kind: 'table',
    title: 'Judges on the same held-out items',
    columns: [
      { title: 'judge' },
      { title: 'accuracy', format: 'share' },
      { title: 'exact rationales', format: 'share' },
      { title: 'mean absolute error', format: 'decimal2' },
      { title: 'Pearson’s r', format: 'decimal2' },
      { title: 'unreadable', format: 'share' },
    ],
    rows: judges.map(({ label, judge }) => ({
      cells: [label, judge.accuracy, judge.rationaleExact, judge.mae, judge.pearson, judge.parseFailures],
    })),
    note: '“Remapped” is the seed judge read through a table from score to commonest label, fitted on the training labels: recalibration and nothing else.',
  };
}

/** What the last round did, said no more strongly than its interval allows. */
export function sentenceOf({ before, rounds }: Pick<Judges, 'before' | 'rounds'>): string {
  const last = rounds.at(-1);
  if (!last) return 'No round was finished.';
  const { mean, low, high } = last.difference;
  const interval = `${formatChange(mean)} points [${formatChange(low)}, ${formatChange(high)}]`;
  const verdict =
    low > 0
      ? 'The judge got better'
      : high < 0
        ? 'The judge got worse'
        : 'Nothing is shown: the interval holds zero';
  return `${verdict}: ${formatShare(before.accuracy)} right before, ${formatShare(last.accuracy)} after ${rounds.length === 1 ? 'one round' : `${rounds.length} rounds`}, ${interval} on ${before.items} held-out items.`;
}
