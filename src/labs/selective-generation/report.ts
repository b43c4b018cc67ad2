import type { Block, WithInterval } from '../../harness/report.ts';
import { ALL, behindMeasure, behindPoint, NONE_RIGHT } from './exhibits.ts';
import { titleOf } from './measures.ts';
import type { Bounds, SelectiveResult, Worth } from './result.ts';

const withBounds = (value: number | null, bounds: Bounds | undefined): WithInterval => ({ value, ...bounds });

/** The curve of quality against coverage, how well each number knows when it is right, and all of it as a table. */
export function reportOf(result: SelectiveResult): Block[] {
  return [curveBlock(result), calibrationBlock(result), tableBlock(result), ...aheadBlock(result)];
}

function curveBlock({ curves, baseline, randomPick, atLeastOneRight }: SelectiveResult): Block {
  return {
    kind: 'curve',
    title: 'Right answers among those given, when the least sure are held back',
    x: { title: 'questions answered', format: 'share' },
    y: { title: 'right', format: 'share', least: 0, most: 1 },
    series: Object.entries(curves).map(([measure, points]) => ({
      name: titleOf(measure),
      points: points.map((point) => ({
        x: point.coverage,
        y: point.quality,
        opens: behindPoint(measure, point),
      })),
      ...(measure === baseline && { faint: true }),
    })),
    lines: [
      { label: 'a random answer to every question', at: randomPick },
      { label: 'questions with a right answer among theirs', at: atLeastOneRight },
    ],
  };
}

function calibrationBlock({ measures, baseline, intervals }: SelectiveResult): Block {
  return {
    kind: 'intervals',
    title: 'Calibration-AUC: how often a right pick has the higher confidence than a wrong one',
    format: 'decimal2',
    rows: Object.entries(measures).map(([measure, { calibrationAuc }]) => ({
      label: titleOf(measure),
      ...withBounds(calibrationAuc, intervals.measures[measure]?.calibrationAuc),
      emphasis: measure !== baseline,
      opens: behindMeasure(measure),
    })),
    lines: [{ label: 'knows nothing', at: 0.5 }],
  };
}

function tableBlock(result: SelectiveResult): Block {
  const { measures, intervals, randomPick, atLeastOneRight, questions } = result;
  return {
    kind: 'table',
    title: 'Each number picks its own answer and decides when to stay silent',
    columns: [
      { title: 'number' },
      { title: 'right picks', format: 'share' },
      { title: 'Calibration-AUC', format: 'decimal2' },
      { title: 'Selective-AUC', format: 'share' },
      { title: 'questions', format: 'count' },
    ],
    rows: [
      ...Object.entries(measures).map(([measure, worth]) => ({
        cells: [titleOf(measure), ...worthCells(worth, intervals.measures[measure]), worth.questions],
        opens: behindMeasure(measure),
      })),
      {
        cells: ['a random answer', withBounds(randomPick, intervals.randomPick), null, null, questions],
        opens: ALL,
      },
      {
        cells: [
          'at least one right',
          withBounds(atLeastOneRight, intervals.atLeastOneRight),
          null,
          null,
          questions,
        ],
        ...(atLeastOneRight < 1 && { opens: NONE_RIGHT }),
      },
    ],
    note:
      'Intervals (95 %) draw questions. A mark opens up to 50 questions with all their answers. The paper’s other ' +
      'numbers (sample and select, “none of the above”, the hybrid) need a judge that picks among several answers ' +
      'by letter, which the embedded judge has not learnt; they will come with a later one.',
  };
}

function aheadBlock({ ahead, baseline, intervals }: SelectiveResult): Block[] {
  const rows = Object.entries(ahead).map(([measure, worth]) => ({
    cells: [titleOf(measure), ...worthCells(worth, intervals.ahead[measure])],
    opens: behindMeasure(measure),
  }));
  if (rows.length === 0) return [];
  return [
    {
      kind: 'table',
      title: `What each is worth more than ${titleOf(baseline)}, on the same questions`,
      columns: [
        { title: 'number' },
        { title: 'right picks, points', format: 'points' },
        { title: 'Calibration-AUC', format: 'decimal2' },
        { title: 'Selective-AUC, points', format: 'points' },
      ],
      rows,
    },
  ];
}

function worthCells(worth: Worth, bounds: Record<keyof Worth, Bounds> | undefined): WithInterval[] {
  const { accuracy, calibrationAuc, selectiveAuc } = worth;
  return [
    withBounds(accuracy, bounds?.accuracy),
    withBounds(calibrationAuc, bounds?.calibrationAuc),
    withBounds(selectiveAuc, bounds?.selectiveAuc),
  ];
}
