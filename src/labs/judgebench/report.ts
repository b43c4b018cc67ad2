import { formatCounted, formatShare } from '../../harness/format.ts';
import type { BarsBlock, Block, IntervalsBlock, ReferenceLine, TableBlock } from '../../harness/report.ts';
import type { PairCounts, PairOutcome } from '../../evaluate/order-votes.ts';
import { exhibitName } from './exhibits.ts';
import type { JudgeKind } from './judge-on-pairs.ts';
import type { JudgeBenchResult } from './result.ts';

const OUTCOMES: readonly PairOutcome[] = ['right', 'tie', 'wrong', 'inconsistent'];

/** Judges whose sources are drawn one by one; a file may bring dozens, which the table then has. */
const MOST_DRAWN = 4;

const POSITION: Readonly<Record<JudgeKind, string>> = {
  'no position': 'no position by construction',
  'both orders': 'shown in both orders',
  scripted: 'scripted',
  file: 'from the file',
};

export function reportOf(result: JudgeBenchResult): Block[] {
  const drawn = Object.keys(result.judges)
    .filter((name) => result.judges[name]!.kind !== 'scripted')
    .slice(0, MOST_DRAWN);
  return [
    byJudge(result),
    ...drawn.map((name) => bySource(name, result)),
    accuracies(result),
    { kind: 'sentence', text: baselinesInWords(result) },
    table(result),
  ];
}

/** What guessing gives: by the rule for both orders it depends on whether the guess is kept. */
function baselines({ rule }: JudgeBenchResult): ReferenceLine[] {
  const half = { label: rule === 'both' ? 'one toss for both orders' : 'coin', at: 0.5 };
  return rule === 'both' ? [{ label: 'a toss in each order', at: 0.25 }, half] : [half];
}

function baselinesInWords({ rule }: JudgeBenchResult): string {
  if (rule === 'single')
    return 'Only the first verdict on each pair counts, as JudgeBench does with reward models: whoever tosses a coin is right on 50 % of the pairs.';
  return (
    'Two lines say what guessing gives. A judge that tosses a coin anew in each order is right on 25 % of the pairs, ' +
    'since both verdicts must not contradict each other; one that tosses it once and keeps to the answer when the two ' +
    'change places, as two point judgments do, is right on 50 %. A right verdict and a tie are right together; right ' +
    'in one order and wrong in the other is inconsistent.'
  );
}

const labelOf = (name: string, kind: JudgeKind) =>
  kind === 'no position' ? `${name} (${POSITION[kind]})` : name;

function byJudge(result: JudgeBenchResult): BarsBlock {
  return stacked('Pairs by what the judge made of them', result, (bars) =>
    Object.entries(result.judges).map(([name, counts]) => ({
      label: labelOf(name, counts.kind),
      bars: bars(counts, (outcome) => exhibitName(name, outcome)),
    })),
  );
}

function bySource(name: string, result: JudgeBenchResult): BarsBlock {
  const { kind, bySource: sources } = result.judges[name]!;
  return stacked(`By source: ${labelOf(name, kind)}`, result, (bars) =>
    Object.entries(sources).map(([source, counts]) => ({
      label: `${source} (${counts.pairs})`,
      bars: bars(counts, (outcome) => exhibitName(name, outcome, source)),
    })),
  );
}

type Bars = (
  counts: PairCounts,
  opens: (outcome: PairOutcome) => string,
) => BarsBlock['groups'][number]['bars'];

function stacked(
  title: string,
  result: JudgeBenchResult,
  groupsOf: (bars: Bars) => BarsBlock['groups'],
): BarsBlock {
  const bars: Bars = (counts, opens) =>
    OUTCOMES.map((outcome) => ({
      value: counts.pairs === 0 ? null : counts[outcome] / counts.pairs,
      ...(counts[outcome] > 0 && { opens: opens(outcome) }),
    }));
  return {
    kind: 'bars',
    title,
    format: 'share',
    series: OUTCOMES,
    stacked: true,
    groups: groupsOf(bars),
    lines: baselines(result),
  };
}

function accuracies(result: JudgeBenchResult): IntervalsBlock {
  return {
    kind: 'intervals',
    title: 'Right pairs, with intervals over pairs',
    format: 'share',
    rows: Object.entries(result.judges).map(([name, { accuracy, right, kind }]) => ({
      label: labelOf(name, kind),
      value: accuracy,
      ...result.intervals[name]?.accuracy,
      emphasis: kind !== 'scripted',
      ...(right > 0 && { opens: exhibitName(name, 'right') }),
    })),
    lines: baselines(result),
  };
}

function table(result: JudgeBenchResult): TableBlock {
  return {
    kind: 'table',
    title: 'Judges on the same pairs',
    columns: [
      { title: 'judge' },
      { title: 'position' },
      { title: 'accuracy', format: 'share' },
      ...[...OUTCOMES, 'pairs', 'verdict changed', 'unread verdicts'].map((title) => ({
        title,
        format: 'count' as const,
      })),
    ],
    rows: Object.entries(result.judges).map(([name, judge]) => ({
      cells: [
        name,
        POSITION[judge.kind],
        { value: judge.accuracy, ...result.intervals[name]?.accuracy },
        ...OUTCOMES.map((outcome) => judge[outcome]),
        judge.pairs,
        judge.changed,
        judge.unread,
      ],
      emphasis: judge.kind !== 'scripted',
    })),
    note: 'The pairs behind a count are listed up to the fiftieth.',
  };
}

/** How many judges it says one by one. */
const MOST_SAID = 4;

export function sentenceOf(result: JudgeBenchResult): string {
  const judges = Object.entries(result.judges).filter(([, { kind }]) => kind !== 'scripted');
  if (judges.length <= MOST_SAID) return judges.map(([name]) => judgeInWords(name, result)).join(' ');
  const above = judges.filter(([name]) => (result.intervals[name]?.accuracy?.low ?? 0) > 0.5);
  const pairs = Math.max(...judges.map(([, counts]) => counts.pairs));
  return `Of ${formatCounted(judges.length, 'judge')} on up to ${formatCounted(pairs, 'pair')} each, ${above.length} ${above.length === 1 ? 'is' : 'are'} better than a coin with the whole interval above 50 %; of the others that is not shown.`;
}

function judgeInWords(name: string, { judges, intervals, rule }: JudgeBenchResult): string {
  const { accuracy, pairs, kind, inconsistent, tie } = judges[name]!;
  const interval = intervals[name]?.accuracy;
  if (accuracy === null || !interval) return `${name} has no pairs.`;
  const { low, high } = interval;
  const right = `${name}: ${formatShare(accuracy)} of ${pairs} pairs right [${formatShare(low)}, ${formatShare(high)}]`;
  if (low > 0.5) return `${right}, better than a coin that is tossed once.`;
  const lost = `${formatShare(tie / pairs)} ties, ${formatShare(inconsistent / pairs)} inconsistent`;
  if (kind !== 'no position' && rule === 'both') {
    if (high < 0.25) return `${right}, worse than a coin tossed in each order (${lost}).`;
    if (low > 0.25)
      return `${right}, better than a coin tossed in each order, but not than one toss kept (${lost}).`;
    return `${right}, not shown to differ from a coin tossed in each order (${lost}).`;
  }
  if (high < 0.5) return `${right}, fewer than a coin's 50 % (${lost}).`;
  return `${right}: it is not shown to be better than a coin (${lost}).`;
}
