import { ranksFromHighest } from '../../evaluate/ranks.ts';
import type { BarsBlock, Block, IntervalsBlock, RanksBlock, TableBlock } from '../../harness/report.ts';
import { attackExhibitName } from './attacks.ts';
import { contestantName } from './exhibits.ts';
import { RATING_WAYS, type MtBenchResult, type Range, type RatingWay, type VoterResult } from './result.ts';

const WAY_NAMES: Readonly<Record<RatingWay, string>> = {
  bradleyTerry: 'Bradley–Terry',
  elo: 'Elo',
  winRate: 'win rate',
};

/** Judges, beside people or the truth, whose ranks and ratings are drawn; a file may bring dozens. */
const MOST_DRAWN = 2;

export function reportOf(result: MtBenchResult): Block[] {
  const { agreement, attacks } = result;
  return [
    ...(Object.keys(agreement).length > 0 ? [agreementBars(result)] : []),
    ...rankChart(result),
    ...drawnVoters(result).map(([name]) => ratingIntervals(name, result)),
    ratingTable(result),
    voterTable(result),
    ...(Object.keys(attacks).length > 0 ? [attackTable(result)] : []),
  ];
}

/** People or the truth, and the first judges. */
function drawnVoters({ judges }: MtBenchResult): [string, VoterResult][] {
  return Object.entries(judges)
    .filter(([, { kind }]) => kind !== 'scripted')
    .slice(0, 1 + MOST_DRAWN);
}

function agreementBars({ agreement, intervals }: MtBenchResult): BarsBlock {
  return {
    kind: 'bars',
    title: 'Agreement: how often two votes on the same answers are the same',
    format: 'share',
    series: ['S1: all votes, inconsistent as tie', 'S2: where both name a winner'],
    groups: Object.entries(agreement).map(([name, { withTies, decided, withTiesPairs }]) => {
      const opens = withTiesPairs > 0 ? { opens: name } : {};
      const range = intervals.agreement[name];
      return {
        label: name,
        bars: [
          { value: withTies, ...range?.withTies, ...opens },
          { value: decided, ...range?.decided, ...opens },
        ],
      };
    }),
    lines: [
      { label: 'chance in S1', at: 1 / 3 },
      { label: 'chance in S2', at: 1 / 2 },
    ],
  };
}

/** Who leads, by whom and by which rating; an order that does not rate all contestants is left out. */
function rankChart(result: MtBenchResult): RanksBlock[] {
  const drawn = drawnVoters(result);
  const contestants = contestantsOf(result);
  const orders = drawn.flatMap(([name, { ratings }], place) =>
    // Elo depends on the order of the battles: one is enough to show it.
    RATING_WAYS.filter((way) => way !== 'elo' || place === 0).flatMap((way) => {
      const values = contestants.map((contestant) => ratings[contestant]?.[way] ?? null);
      if (values.includes(null)) return [];
      return [{ order: `${name}: ${WAY_NAMES[way]}`, ranks: ranksFromHighest(values as number[]) }];
    }),
  );
  if (orders.length < 2) return [];
  return [
    {
      kind: 'ranks',
      title: 'Who leads the table, by whose votes and which rating',
      orders: orders.map(({ order }) => order),
      things: contestants.map((label, i) => ({
        label,
        opens: contestantName(label),
        ranks: orders.map(({ ranks }) => ranks[i]!),
      })),
    },
  ];
}

/** The best first, by win rate of those who vote first. */
function contestantsOf({ judges }: MtBenchResult): string[] {
  const [first] = Object.values(judges);
  const rates = Object.entries(first?.ratings ?? {});
  return rates.sort(([, a], [, b]) => (b.winRate ?? 0) - (a.winRate ?? 0)).map(([name]) => name);
}

function ratingIntervals(name: string, result: MtBenchResult): IntervalsBlock {
  const { ratings } = result.judges[name]!;
  const way = Object.values(ratings).some(({ bradleyTerry }) => bradleyTerry !== null)
    ? 'bradleyTerry'
    : 'winRate';
  return {
    kind: 'intervals',
    title: `${WAY_NAMES[way]} by ${name}`,
    format: way === 'winRate' ? 'share' : 'rating',
    rows: contestantsOf(result).map((label) => ({
      label,
      opens: contestantName(label),
      value: ratings[label]?.[way] ?? null,
      ...result.intervals.judges[name]?.[label]?.[way],
    })),
    lines: way === 'winRate' ? [{ label: 'half', at: 0.5 }] : [{ label: 'mean', at: 1000 }],
  };
}

function ratingTable(result: MtBenchResult): TableBlock {
  const cell = (value: number | null | undefined, range: Range | null | undefined) => ({
    value: value ?? null,
    ...range,
  });
  return {
    kind: 'table',
    title: 'Ratings',
    columns: [
      { title: 'votes of' },
      { title: 'contestant' },
      { title: 'Bradley–Terry', format: 'rating' },
      { title: 'Elo', format: 'rating' },
      { title: 'win rate', format: 'share' },
    ],
    rows: drawnVoters(result).flatMap(([name, { ratings }]) =>
      contestantsOf(result).map((contestant) => ({
        cells: [
          name,
          contestant,
          ...RATING_WAYS.map((way) =>
            cell(ratings[contestant]?.[way], result.intervals.judges[name]?.[contestant]?.[way]),
          ),
        ],
      })),
    ),
    note: 'A tie is half a win. Elo starts at 1000 and moves by K = 4 with each battle in turn, so another order of the same battles gives other ratings: its interval mixes the battles, and an Elo outside it was made by the order of the file; Bradley–Terry, with mean 1000, does not depend on the order. It has no ratings where somebody never won or never lost.',
  };
}

function voterTable({ judges, agreement }: MtBenchResult): TableBlock {
  return {
    kind: 'table',
    title: 'Votes',
    columns: [
      { title: 'votes of' },
      { title: 'how' },
      { title: 'votes', format: 'count' },
      { title: 'ties', format: 'share' },
      { title: 'inconsistent', format: 'share' },
      { title: 'not readable', format: 'count' },
    ],
    rows: Object.entries(judges).map(([name, { kind, votes, ties, inconsistent, unread }]) => ({
      cells: [name, HOW[kind], votes, ties, inconsistent, unread],
      emphasis: kind !== 'scripted',
    })),
    note: `A win needs both orders of the answers; where they disagree the vote is a tie, called inconsistent. ${agreementNote(agreement)}`,
  };
}

const HOW: Readonly<Record<VoterResult['kind'], string>> = {
  people: 'people',
  truth: 'grades by the rules of the task',
  judge: 'compares two answers',
  'judge without position': 'no position by construction',
  scripted: 'scripted',
};

function agreementNote(agreement: MtBenchResult['agreement']): string {
  const pairs = Object.entries(agreement).map(
    ([name, { withTiesPairs, decidedPairs }]) => `${name}: ${withTiesPairs} in S1, ${decidedPairs} in S2`,
  );
  return pairs.length === 0 ? '' : `Pairs of votes that were compared: ${pairs.join('; ')}.`;
}

function attackTable({ attacks, intervals }: MtBenchResult): TableBlock {
  const names = Object.keys(attacks);
  const judges = Object.keys(Object.values(attacks)[0] ?? {});
  return {
    kind: 'table',
    title: 'Attacks: how often they succeed',
    columns: [
      { title: 'attack' },
      { title: 'judge' },
      { title: 'cases', format: 'count' },
      { title: 'succeeds', format: 'share' },
    ],
    rows: names.flatMap((attack) =>
      judges.map((judge) => {
        const { cases, succeeds } = attacks[attack]![judge]!;
        const name = attackExhibitName(attack, judge);
        return {
          cells: [attack, judge, cases, { value: succeeds, ...intervals.attacks[attack]?.[judge] }],
          ...(succeeds !== null && succeeds > 0 && { opens: name }),
        };
      }),
    ),
    note: 'Repeated list: all items of a list are said once more. Verbosity: an opening that says nothing is put before the answer. Both succeed where the longer answer is preferred, or graded higher, although nothing was added; a judge that gives grades with decimals prefers one of the two in any case, and half is what no preference looks like. Swap: the two answers of a battle change places; it succeeds where the verdict changes.',
  };
}
