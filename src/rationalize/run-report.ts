import { cellOf } from '../evaluate/confusion.ts';
import type { Cells } from '../evaluate/cells.ts';
import { formatCount } from '../harness/format.ts';
import type { Block, CurveBlock, Exhibit } from '../harness/report.ts';
import { SCORES, type Item } from '../judge/item.ts';
import type { StepRecord } from './records.ts';
import type { JudgeResults, RoundResults } from './round-results.ts';

/** What one held-out item was graded before and after, as it was written. */
export interface FlippedItem {
  item: Item;
  kind: 'mended' | 'broken';
  beforeText: string;
  afterText: string;
}

/** What a report of a run is made of, beside the numbers that its lab shows. */
export interface RunFindings {
  before: JudgeResults;
  rounds: readonly RoundResults[];
  /** Training steps, by round. */
  steps: ReadonlyMap<number, readonly StepRecord[]>;
  flips: readonly FlippedItem[];
}

/** Texts that a report shows of each kind: enough to see what changed, and still a page. */
const MOST_FLIPS = 5;

/** Where the judge errs before and after, where the gain came from, how training went, and items to read. */
export function runBlocks({ before, rounds, steps, flips }: RunFindings): Block[] {
  const last = rounds.at(-1);
  return [
    confusionBlock('Scores against labels, before', before),
    ...(last ? [confusionBlock(`Scores against labels, after round ${last.round}`, last)] : []),
    ...(last && before.cells && last.cells ? [cellsBlock(before.cells, last.cells, last.round)] : []),
    ...curves(steps),
    ...(['mended', 'broken'] as const).flatMap((kind) => flipsBlock(kind, flips)),
  ];
}

function confusionBlock(title: string, { confusion, items }: JudgeResults): Block {
  const columns = [...SCORES, null];
  const counts = SCORES.map((label) =>
    columns.map((score) => ({
      value: confusion[cellOf({ label, score })] ?? 0,
      detail: `of ${items} items`,
    })),
  );
  return {
    kind: 'matrix',
    title,
    rows: { title: 'label', labels: SCORES.map(String) },
    columns: { title: 'score', labels: columns.map((score) => (score === null ? 'unread' : String(score))) },
    format: 'count',
    cells: counts,
  };
}

const CELLS = [
  ['bothRight', 'score right, rationale right'],
  ['onlyScoreRight', 'score right, rationale wrong: by luck'],
  ['onlyRationaleRight', 'score wrong, rationale right'],
  ['bothWrong', 'both wrong'],
] as const;

function cellsBlock(before: Cells, after: Cells, round: number): Block {
  const total = (cells: Cells) => CELLS.reduce((sum, [key]) => sum + cells[key], 0) || 1;
  return {
    kind: 'table',
    title: 'Rationale and score',
    columns: [
      { title: 'held-out items' },
      { title: 'before', format: 'share' },
      { title: `after round ${round}`, format: 'share' },
    ],
    rows: CELLS.map(([key, words]) => ({
      cells: [words, before[key] / total(before), after[key] / total(after)],
    })),
  };
}

const CURVES = [
  ['loss', 'Training: loss'],
  ['rewards/margins', 'Training: reward margin between chosen and rejected'],
] as const;

function curves(steps: ReadonlyMap<number, readonly StepRecord[]>): CurveBlock[] {
  const rounds = [...steps].filter(([, records]) => records.length > 1);
  if (rounds.length === 0) return [];
  return CURVES.map(([name, title]) => ({
    kind: 'curve' as const,
    title,
    x: { title: 'step', format: 'count' as const },
    y: { title: name, format: 'decimal3' as const },
    series: rounds.map(([round, records]) => ({
      name: `round ${round}`,
      points: records.map(({ step, metrics }) => ({ x: step, y: metrics[name] })),
    })),
  }));
}

function flipsBlock(kind: 'mended' | 'broken', flips: readonly FlippedItem[]): Block[] {
  const all = flips.filter((flip) => flip.kind === kind);
  if (all.length === 0) return [];
  const shown = Math.min(MOST_FLIPS, all.length);
  const words = kind === 'mended' ? 'wrong before and right after' : 'right before and wrong after';
  return [
    {
      kind: 'exhibits',
      title: `Items ${words}: ${formatCount(shown)} of ${formatCount(all.length)}`,
      exhibits: all.slice(0, shown).map(exhibitOf),
    },
  ];
}

function exhibitOf({ item, beforeText, afterText }: FlippedItem): Exhibit {
  return {
    title: item.instruction,
    facts: [['label', String(item.score ?? 'none')]],
    texts: [
      ['response', item.response],
      ['criterion', item.criterion],
      ['the judge before', beforeText],
      ['the judge after', afterText],
    ],
  };
}
