import { ranksFromHighest } from '../../evaluate/ranks.ts';
import { LEAST_AGREEMENT, reversedRanking } from '../../evaluate/ranking-reversal.ts';
import { sampleEfficiency } from '../../evaluate/sample-efficiency.ts';
import { formatShare } from '../../harness/format.ts';
import type { Block, CurveBlock, IntervalsBlock, RanksBlock, ScatterBlock, TableBlock } from '../../harness/report.ts'; // prettier-ignore
import type { Cell } from './cell.ts';
import { cellName, type ScalableEvaluation } from './cells.ts';
import { flipsByJudge } from './flips.ts';

/** More intervals would push the rest of the picture away. */
const MOST_PICTURES = 4;

/** Estimates with the truth as a line, what verdicts are worth, and how judges reverse rankings. */
export function reportOf(result: ScalableEvaluation): Block[] {
  return [
    ...result.cells.slice(0, MOST_PICTURES).map(estimates),
    worth(result),
    ...theorem(result),
    ...ranks(result),
    ...flips(result),
    constructed(result),
    table(result),
  ];
}

function estimates(cell: Cell): IntervalsBlock {
  const { intervals, labelled, unlabelled, truth } = cell;
  const opens = cellName(cell);
  return {
    kind: 'intervals',
    title: `${opens}: true score, from ${labelled} labels and ${unlabelled} verdicts`,
    format: 'share',
    rows: [
      { label: 'judge alone (naive)', value: cell.judge, ...intervals.judge, opens },
      { label: 'labels alone', value: cell.labels, ...intervals.labels, opens },
      { label: 'PPI', value: cell.ppi, ...intervals.ppi, opens },
      { label: 'tuned PPI', value: cell.tunedPpi, ...intervals.tunedPpi, opens, emphasis: true },
    ],
    ...(truth !== null && { lines: [{ label: 'truth, from all labels', at: truth }] }),
  };
}

/** ρ² from 0 to .95; beyond, the curve leaves the picture. */
const SQUARED = Array.from({ length: 20 }, (_, i) => i / 20);

function worth({ labelled, unlabelled }: ScalableEvaluation): CurveBlock {
  const efficiency = (rhoSquared: number) => sampleEfficiency(rhoSquared, labelled, unlabelled);
  return {
    kind: 'curve',
    title: 'How many times the labels a judge is worth',
    x: { title: 'squared correlation of verdicts and labels (ρ²)', format: 'decimal2' },
    y: { title: 'factor τ', format: 'decimal2', least: 1 },
    series: [
      {
        name: `with ${labelled} labels and ${unlabelled} verdicts`,
        points: SQUARED.map((x) => ({ x, y: efficiency(x).factor })),
      },
      {
        name: 'with any number of verdicts',
        points: SQUARED.map((x) => ({ x, y: efficiency(x).bound })),
        faint: true,
      },
    ],
    lines: [{ label: 'twice the labels', at: 2 }],
  };
}

/** Left of zero the judge is no better than the model, and the theorem keeps every point at 2 or below. */
function theorem({ cells }: ScalableEvaluation): Block[] {
  const known = cells.flatMap((cell) => (cell.known?.bound ? [{ cell, known: cell.known }] : []));
  if (known.length === 0) return [];
  const varying = known.filter(({ known: { rhoSquared } }) => rhoSquared !== null);
  const bounded = varying.filter(
    ({ known: { agreement, trueScore } }) => agreement >= 0.5 && agreement <= trueScore,
  );
  const largest = Math.max(...bounded.map(({ known: { rhoSquared } }) => rhoSquared!));
  const scatter: ScatterBlock = {
    kind: 'scatter',
    title: 'The most that any number of verdicts could be worth',
    x: { title: 'judge’s agreement less model’s true score (points)', format: 'points' },
    y: { title: 'largest factor 1 / (1 − ρ²)', format: 'decimal2' },
    points: known.map(({ cell, known: { agreement, trueScore, bound } }) => ({
      label: cellName(cell),
      x: agreement - trueScore,
      y: bound!,
      opens: cellName(cell),
    })),
  };
  const text =
    bounded.length === 0
      ? `In none of ${varying.length} cases is the judge no better than the model while it agrees half of the time or more: the bound 2 is not put to the test here.`
      : `In ${bounded.length} of ${varying.length} cases the judge is no better than the model (½ ≤ agreement ≤ true score): ρ² is at most ${largest.toFixed(4)} there, and the theorem allows .5, a factor of 2.`;
  return [scatter, { kind: 'sentence', text }];
}

/** The first judge's models as truth, judge, labels and tuned PPI order them. */
function ranks({ by, cells }: ScalableEvaluation): RanksBlock[] {
  const own = cells.filter((cell) => cell.by === by && cell.truth !== null && cell.taker !== null);
  if (own.length < 2) return [];
  const orders = [
    ['truth', (cell: Cell) => cell.truth!],
    [`${by} alone`, (cell: Cell) => cell.judged],
    ['labels alone', (cell: Cell) => cell.labels],
    ['tuned PPI', (cell: Cell) => cell.tunedPpi],
  ] as const;
  const columns = orders.map(([, read]) => ranksFromHighest(own.map(read)));
  return [
    {
      kind: 'ranks',
      title: 'Ranking the models',
      orders: orders.map(([name]) => name),
      things: own.map((cell, i) => ({
        label: cell.taker!,
        ranks: columns.map((column) => column[i]!),
        opens: cellName(cell),
      })),
    },
  ];
}

function flips({ cells }: ScalableEvaluation): TableBlock[] {
  const judges = flipsByJudge(cells);
  if (judges.length === 0) return [];
  return [
    {
      kind: 'table',
      title: 'Models that a judge alone puts in the wrong order',
      columns: [
        { title: 'judge' },
        { title: 'reversed pairs', format: 'count' },
        { title: 'pairs', format: 'count' },
        { title: 'widest true gap that is reversed' },
      ],
      rows: judges.map(({ by, pairs, flips: [widest, ...more] }) => ({
        cells: [
          by,
          widest ? more.length + 1 : 0,
          pairs,
          widest ? inWords(widest.better, widest.worse) : 'none',
        ],
      })),
    },
  ];
}

const inWords = (better: Cell, worse: Cell) =>
  `${better.taker} ${formatShare(better.truth)}, judged ${formatShare(better.judged)}; ` +
  `${worse.taker} ${formatShare(worse.truth)}, judged ${formatShare(worse.judged)}`;

/** What to build where the judge's own agreement is unknown, or too low or too high for a reversal to be built. */
const AGREEMENT = 0.9;
const MODELS = 5;

function constructed({ known }: ScalableEvaluation): RanksBlock {
  const own = known?.agreement ?? AGREEMENT;
  const agreement = own >= LEAST_AGREEMENT && own < 0.99 ? own : AGREEMENT;
  const models = reversedRanking(agreement, MODELS);
  const orders = [models.map(({ trueScore }) => trueScore), models.map(({ judgedScore }) => judgedScore)].map(ranksFromHighest); // prettier-ignore
  return {
    kind: 'ranks',
    title: `Made up: ${MODELS} models that a judge ranks the wrong way round, though it agrees ${formatShare(agreement)} on each`,
    orders: ['truth', 'judge'],
    things: models.map(({ trueScore, judgedScore }, i) => ({
      label: `${formatShare(trueScore)} true, judged ${formatShare(judgedScore)}`,
      ranks: orders.map((order) => order[i]!),
    })),
  };
}

function table({ cells, leftOut }: ScalableEvaluation): TableBlock {
  const left = leftOut.length > 0 ? ` Left out: ${leftOut.join(' ')}` : '';
  return {
    kind: 'table',
    title: 'Every judge on every model',
    columns: [
      { title: 'judge, model' },
      { title: 'judge alone', format: 'share' },
      { title: 'labels alone', format: 'share' },
      { title: 'PPI', format: 'share' },
      { title: 'tuned PPI', format: 'share' },
      { title: 'truth', format: 'share' },
      { title: 'weight λ', format: 'decimal3' },
      { title: 'ρ²', format: 'decimal3' },
      { title: 'factor τ', format: 'decimal2' },
      { title: 'labels', format: 'count' },
      { title: 'labels you would have needed', format: 'count' },
    ],
    rows: cells.map((cell) => ({
      opens: cellName(cell),
      cells: [
        cellName(cell),
        { value: cell.judge, ...cell.intervals.judge },
        { value: cell.labels, ...cell.intervals.labels },
        { value: cell.ppi, ...cell.intervals.ppi },
        { value: cell.tunedPpi, ...cell.intervals.tunedPpi },
        cell.truth,
        cell.lambda,
        { value: cell.rhoSquared, ...cell.intervals.rhoSquared },
        { value: cell.factor, ...cell.intervals.factor },
        cell.labelled,
        cell.labelled * cell.factor,
      ],
    })),
    note: `ρ² and τ are read off the labelled answers; where the judge says the same of all of them, only the labels count (τ 1, no λ).${left}`,
  };
}
