import type { Block, WithInterval } from '../../harness/report.ts';
import { AGREEING, behindCell, behindRule, SPREAD } from './exhibits.ts';
import type { Settings } from './fields.ts';
import { binLabels } from './bin-labels.ts';
import type { Bounds, JudgeResult, UncertaintyResult } from './result.ts';
import { RULE_NAMES, RULE_TITLES } from './rules.ts';

const withBounds = (value: number | null | undefined, bounds: Bounds): WithInterval => ({
  value: value ?? null,
  ...bounds,
});

/** The map with the staircases, what they find, the gain, and what stands behind one score. */
export function reportOf(result: UncertaintyResult, settings: Settings): Block[] {
  return [mapBlock(result), recallBlock(result, settings), gainBlock(result, settings), rulesBlock(result, settings), nearTopBlock(result), ...othersBlock(result)]; // prettier-ignore
}

function mapBlock({ map }: UncertaintyResult): Block {
  const { scoreCuts, uncertaintyCuts, items, positives, firstBins } = map;
  return {
    kind: 'matrix',
    title: 'Share of positive items, by mean score and spread, on the half that fitted no boundary',
    rows: { title: 'spread', labels: binLabels(uncertaintyCuts) },
    columns: { title: 'mean score', labels: binLabels(scoreCuts) },
    format: 'share',
    cells: items.map((row, level) =>
      row.map((count, bin) => {
        if (count === 0) return null;
        const positive = positives[level]![bin]!;
        return {
          value: positive / count,
          detail: `${positive} of ${count} items`,
          opens: behindCell(level, bin),
        };
      }),
    ),
    staircases: RULE_NAMES.map((rule) => ({ name: RULE_TITLES[rule], first: firstBins[rule] })),
  };
}

function recallBlock({ rules, overSplits, intervals, gain }: UncertaintyResult, { sigma }: Settings): Block {
  const bar = (value: number | null, bounds?: Bounds) => ({ value, ...bounds });
  return {
    kind: 'bars',
    title: `Positive items found, at a wanted precision of ${sigma}, on halves that did not fit the rule`,
    format: 'share',
    series: ['the halves of the map', `mean of ${gain?.splits ?? 0} random halves`],
    groups: RULE_NAMES.map((rule) => ({
      label: RULE_TITLES[rule],
      bars: [
        { ...bar(rules[rule].recall, intervals.rules[rule].recall), opens: behindRule(rule) },
        bar(overSplits[rule].recall),
      ],
    })),
  };
}

function gainBlock({ gain, mistGain, intervals }: UncertaintyResult, { splits }: Settings): Block {
  return {
    kind: 'intervals',
    title: `Gain in recall over the score alone, mean of ${splits} random halves`,
    format: 'points',
    rows: [
      { label: RULE_TITLES.dp, ...withBounds(gain?.recall, intervals.gain), emphasis: true },
      { label: RULE_TITLES.mist, ...withBounds(mistGain?.recall, intervals.mistGain) },
    ],
    lines: [{ label: 'no gain', at: 0 }],
  };
}

function rulesBlock(
  { rules, overSplits, intervals, items, leftOut }: UncertaintyResult,
  { sigma }: Settings,
): Block {
  return {
    kind: 'table',
    title: 'What each rule finds where it was not fitted',
    columns: [
      { title: 'rule' },
      { title: 'recall', format: 'share' },
      { title: 'precision', format: 'share' },
      { title: 'items taken', format: 'count' },
      { title: 'mean recall', format: 'share' },
      { title: 'mean precision', format: 'share' },
      { title: `halves with precision ${sigma} or more`, format: 'share' },
    ],
    rows: RULE_NAMES.map((rule) => ({
      cells: [
        RULE_TITLES[rule],
        withBounds(rules[rule].recall, intervals.rules[rule].recall),
        withBounds(rules[rule].precision, intervals.rules[rule].precision),
        rules[rule].selected,
        overSplits[rule].recall,
        overSplits[rule].precision,
        overSplits[rule].kept,
      ],
      opens: behindRule(rule),
    })),
    note:
      'The first three numbers are of the halves that the map shows; their intervals draw items of the testing half. ' +
      'What a rule reaches on the half that fitted it is never counted: there the staircase cannot lose. A precision ' +
      'that was reached while fitting need not hold elsewhere; the last column says how often it did. A mark opens ' +
      `up to 50 items, mistakes first. ${items} items have two readable judgments or more; ${leftOut} have fewer and are left out.`,
  };
}

function nearTopBlock({ nearTop, agreeing, spread, intervals }: UncertaintyResult): Block {
  return {
    kind: 'table',
    title: `All items with a mean score of ${nearTop} or more`,
    columns: [
      { title: 'samples' },
      { title: 'positive', format: 'share' },
      { title: 'items', format: 'count' },
    ],
    rows: [
      {
        cells: ['all agree', withBounds(agreeing.positivity, intervals.agreeing), agreeing.items],
        ...(agreeing.items > 0 && { opens: AGREEING }),
      },
      {
        cells: ['spread', withBounds(spread.positivity, intervals.spread), spread.items],
        ...(spread.items > 0 && { opens: SPREAD }),
      },
    ],
  };
}

function othersBlock({ judge, others, ...own }: UncertaintyResult): Block[] {
  if (Object.keys(others).length === 0) return [];
  const row = ([name, { overSplits, gain, intervals, agreeing, spread }]: [string, JudgeResult]) => ({
    cells: [
      name,
      overSplits.scoreOnly.recall,
      overSplits.dp.recall,
      withBounds(gain?.recall, intervals.gain),
      agreeing.positivity,
      spread.positivity,
    ],
  });
  return [
    {
      kind: 'table',
      title: 'Judges on the same items',
      columns: [
        { title: 'judge' },
        { title: 'mean recall by score only', format: 'share' },
        { title: 'by DP', format: 'share' },
        { title: 'gain, points', format: 'points' },
        { title: 'positive near the top, agreeing', format: 'share' },
        { title: 'spread', format: 'share' },
      ],
      rows: [row([judge, own]), ...Object.entries(others).map(row)],
    },
  ];
}
