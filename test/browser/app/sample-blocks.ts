import type { Block, BlockKind } from '../../../src/harness/report.ts';

/** One block of every kind, with the names, gaps and ties that make drawing hard. The numbers mean nothing. */
export const SAMPLE_BLOCKS: { readonly [Kind in BlockKind]: Extract<Block, { kind: Kind }> } = {
  sentence: { kind: 'sentence', text: 'The judge agrees with people in 62 % of battles <b>or so</b>.' },
  table: {
    kind: 'table',
    title: 'Judges on the same held-out items',
    columns: [
      { title: 'judge' },
      { title: 'accuracy', format: 'share' },
      { title: 'gain', format: 'points' },
      { title: 'Spearman’s ρ', format: 'decimal2' },
      { title: 'items', format: 'count' },
    ],
    rows: [
      { cells: ['seed judge', { value: 0.551, low: 0.502, high: 0.6 }, null, 0.731, 1200], opens: 'seed' },
      {
        cells: [
          'after two rounds of rationalization',
          { value: 0.728, low: 0.683, high: 0.771 },
          { value: 0.177, low: 0.152, high: 0.201 },
          0.82,
          1200,
        ],
        emphasis: true,
      },
      { cells: ['mean of labels', 0.2, { value: -0.351, low: null, high: null }, null, 1200] },
    ],
    note: 'Intervals are paired bootstraps over items.',
  },
  intervals: {
    kind: 'intervals',
    title: 'How often the verdict moves',
    format: 'share',
    rows: [
      {
        label: 'a reference that is made up',
        value: 0.62,
        low: 0.55,
        high: 0.69,
        emphasis: true,
        opens: 'fake',
      },
      {
        label: 'a longer answer that says the same in more words than anybody asked for',
        value: 0.21,
        low: 0.16,
        high: 0.27,
      },
      { label: 'other order', value: 0.334, low: 0.28, high: 0.39 },
      { label: 'not asked', value: null },
      { label: 'a rich text, without an interval', value: 0.05 },
    ],
    lines: [
      { label: 'moves by itself', at: 0.112 },
      { label: 'the paper', at: 0.66 },
    ],
  },
  curve: {
    kind: 'curve',
    title: 'Right verdicts among those that it gives',
    x: { title: 'share of items judged', format: 'share' },
    y: { title: 'accuracy', format: 'share', most: 1 },
    series: [
      {
        name: 'confidence of the score',
        points: Array.from({ length: 19 }, (_, i) => {
          const x = 0.1 + i * 0.05;
          const y = 0.95 - 0.38 * x * x;
          return {
            x,
            y,
            low: y - 0.04 / x ** 0.5,
            high: Math.min(1, y + 0.04 / x ** 0.5),
            ...(i % 2 === 0 && { opens: `covered ${i}` }),
          };
        }),
      },
      {
        name: 'agreement of eight samples',
        points: Array.from({ length: 60 }, (_, i) => {
          const x = 0.05 + (i / 59) * 0.95;
          return { x, y: 0.9 - 0.33 * x + 0.02 * Math.sin(i) };
        }),
      },
      {
        name: 'best possible',
        points: [
          { x: 0.1, y: 1 },
          { x: 0.57, y: 1 },
          { x: 1, y: 0.57 },
        ],
        faint: true,
      },
    ],
    lines: [{ label: 'no abstention', at: 0.57 }],
  },
  bars: {
    kind: 'bars',
    title: 'Agreement with people, by who won',
    format: 'share',
    series: ['the judge', 'a table of lengths', 'people among themselves'],
    groups: [
      {
        label: 'clear winner',
        bars: [
          { value: 0.85, low: 0.8, high: 0.9, opens: 'clear' },
          { value: 0.61, low: 0.55, high: 0.67 },
          { value: 0.81, low: 0.78, high: 0.84 },
        ],
      },
      {
        label: 'both answers of about the same quality, by three people',
        bars: [{ value: 0.412, low: 0.3, high: 0.52 }, { value: null }, { value: 0.63 }],
      },
      { label: 'nobody is right', bars: [{ value: 0, opens: 'nobody' }, { value: 0.02 }, { value: 0.104 }] },
    ],
    lines: [{ label: 'chance', at: 0.5 }],
  },
  scatter: {
    kind: 'scatter',
    title: 'Agreement and order',
    x: { title: 'agreement with the truth (κ)', format: 'decimal2' },
    y: { title: 'rank correlation of exam takers (ρ)', format: 'decimal2' },
    points: [
      { label: 'the open judge', x: 0.44, y: 0.91, emphasis: true, opens: 'open judge' },
      { label: 'exact match', x: 0.52, y: 0.99, opens: 'exact' },
      { label: 'contains the reference', x: 0.5, y: 0.98 },
      { label: 'first word', x: 0.51, y: 0.97 },
      { label: 'lenient', x: 0.12, y: 0.62 },
      { label: 'always yes', x: 0, y: 0.1 },
      { label: 'coin', x: 0.01, y: 0.12 },
      { label: 'after round 1', x: 0.45, y: 0.9 },
      { label: 'after round 2', x: 0.46, y: 0.92 },
    ],
  },
  matrix: {
    kind: 'matrix',
    title: 'Share that is right, by the two judges’ scores',
    rows: { title: 'first judge', labels: ['1', '2', '3', '4', '5'] },
    columns: { title: 'second', labels: ['1', '2', '3', '4', '5'] },
    format: 'share',
    cells: [
      [
        { value: 0, detail: 'of 40 items', opens: 'cell 1 1' },
        { value: 0.05 },
        null,
        { value: 0.3 },
        { value: 0.4 },
      ],
      [{ value: 0.1 }, { value: 0.15 }, { value: 0.24 }, { value: 0.38 }, { value: 0.5 }],
      [{ value: 0.2 }, { value: 0.31 }, { value: 0.46 }, { value: 0.6 }, { value: 0.75 }],
      [null, { value: 0.5 }, { value: 0.66 }, { value: 0.8 }, { value: 0.9 }],
      [{ value: 0.4 }, { value: 0.6 }, { value: 0.79 }, { value: 0.93 }, { value: 1 }],
    ],
    staircases: [
      { name: 'monotone boundary', first: [5, 4, 3, 2, 1] },
      { name: 'sum above six', first: [5, 4, 3, 2, 2] },
    ],
  },
  ranks: {
    kind: 'ranks',
    title: 'Who leads the table',
    orders: ['votes of people', 'the judge’s votes', 'after a swap attack'],
    things: [
      { label: 'careful solver', ranks: [1, 1.5, 3] },
      { label: 'verbose solver', ranks: [4, 1.5, 1], emphasis: true, opens: 'verbose' },
      { label: 'plain solver that says nothing it was not asked', ranks: [2, 3, 3] },
      { label: 'hasty solver', ranks: [3, 4, 3], opens: 'hasty' },
      { label: 'guesser', ranks: [5, 5, 5] },
    ],
  },
  exhibits: {
    kind: 'exhibits',
    title: 'Items where the two judges differ most',
    exhibits: [
      {
        title: 'item 17',
        facts: [
          ['label', '5'],
          ['score', '1'],
          ['p(5)', '0.03'],
        ],
        texts: [
          ['instruction', 'List 3 tools.'],
          ['the judge', '<img src=x onerror=alert(1)> All are there.\n\nScore: 1'],
        ],
      },
      { title: 'item 230', facts: [['label', '2']], texts: [['response', 'saw, saw, saw, '.repeat(40)]] },
    ],
  },
};
