import { describe, expect, it } from 'vitest';
import { defaultsOf } from '../../../src/harness/fields.ts';
import { random } from '../../../src/judge/random.ts';
import type { VerdictRow } from '../../../src/judge/verdict-table.ts';
import { VerdictsError } from '../../../src/labs/lab.ts';
import { TooFewItemsError } from '../../../src/labs/uncertainty/ask.ts';
import { judgedItems } from '../../../src/labs/uncertainty/judged-item.ts';
import { lab } from '../../../src/labs/uncertainty/lab.ts';
import type { UncertaintyResult } from '../../../src/labs/uncertainty/result.ts';
import { trialOf } from '../../../src/labs/uncertainty/rules.ts';
import { splitGain } from '../../../src/labs/uncertainty/split-gain.ts';
import { sampledItemsOfRows } from '../../../src/labs/uncertainty/verdict-rows.ts';
import { scriptedItems } from '../harness/scripted-engine.ts';
import { labBench } from './lab-bench.ts';
import { OracleEngine } from './oracle-engine.ts';

const SETTINGS = defaultsOf(lab.fields);

/** One row for each sampled verdict on an item. */
function rowsOf(item: string, verdicts: readonly (VerdictRow['verdict'])[], label: VerdictRow['label'], judge: string | null = null) {
  const none = { group: null, taker: null, order: null, variant: null };
  return verdicts.map((verdict): VerdictRow => ({ item, judge, ...none, verdict, label }));
} // prettier-ignore

function analysed(rows: readonly VerdictRow[]): UncertaintyResult {
  return lab.analyse!(rows, SETTINGS).result as UncertaintyResult;
}

const says = (result: UncertaintyResult) => lab.says(result, SETTINGS);

/** labs.md, lab 6: ten items in each cell, by level and bin; mean score and spread place an item in its cell. */
const POSITIVES = [
  [0, 1, 6, 10],
  [0, 2, 5, 8],
  [1, 3, 4, 5],
];
const knownRows = POSITIVES.flatMap((row, level) =>
  row.flatMap((positives, bin) =>
    Array.from({ length: 10 }, (_, i) => {
      const [mean, spread] = [bin + 1, level / 4];
      return rowsOf(`${level} ${bin} ${i}`, [mean - spread, mean + spread], i < positives ? 1 : 0);
    }).flat(),
  ),
);

describe('the known grid, read from a file of verdicts', () => {
  const items = judgedItems([...sampledItemsOfRows(knownRows).values()][0]!);
  it.each([
    { sigma: 0.6, recalls: [38, 38, 38] },
    { sigma: 0.7, recalls: [23, 24, 29] },
    { sigma: 0.8, recalls: [0, 24, 24] },
    { sigma: 0.9, recalls: [0, 18, 18] },
  ])('gives score only, MIST and DP $recalls of 45 at precision $sigma', ({ sigma, recalls }) => {
    const { readings } = trialOf(items, items, { levels: 3, bins: 4, sigma });
    const found = [readings.scoreOnly, readings.mist, readings.dp].map(({ recall }) => recall! * 45);
    found.forEach((recall, i) => expect(recall).toBeCloseTo(recalls[i]!, 9));
  });
});

describe('score and uncertainty of an item', () => {
  const of = (verdicts: (number | null)[]) =>
    judgedItems([{ title: 'item', label: '5', positive: true, texts: [], verdicts }]);

  it('are the mean and the standard deviation of the readable scores', () => {
    expect(of([5, null, 5, 4, 4])).toMatchObject([{ score: 4.5, uncertainty: 0.5, samples: [5, 5, 4, 4] }]);
  });
  it('are not rounded where all agree', () => {
    expect(of([0.1, 0.1, 0.1])).toMatchObject([{ score: 0.1, uncertainty: 0 }]);
  });
  it('are unknown with fewer than two scores', () => {
    expect(of([5, null, null])).toEqual([]);
  });
});

describe('a planted world of 400 items', () => {
  /** Scores of 4.5, half of them sure; `share` says how often the sure and the unsure are positive. */
  const world = (share: { sure: number; unsure: number }) =>
    Array.from({ length: 400 }, (_, i) => {
      const sure = i % 2 === 0;
      const positive = random('world', i)() < (sure ? share.sure : share.unsure);
      return rowsOf(`item ${i}`, sure ? [4.75, 4.75, 4.75, 4.75] : [4.5, 5, 4.5, 5], positive ? 5 : 1);
    }).flat();

  it('where only sure verdicts are right: the staircase finds them and the score alone does not', () => {
    const result = analysed(world({ sure: 0.95, unsure: 0.2 }));
    expect(result.overSplits.scoreOnly.recall).toBe(0);
    expect(result.rules.dp.precision).toBeGreaterThan(0.85);
    expect(result.intervals.gain!.low).toBeGreaterThan(0.5);
    expect(result.gain!.ahead).toBe(1);
    expect(says(result)).toMatch(/^Looking at uncertainty finds more/);
    expect(says(result)).toMatch(/the sure verdicts are the better ones/);
    expect(result.agreeing.positivity! - result.spread.positivity!).toBeGreaterThan(0.6);
  });

  it('where the spread means nothing: says that nothing was gained', () => {
    const result = analysed(world({ sure: 0.9, unsure: 0.9 }));
    expect(says(result)).toMatch(/^Nothing is shown to be gained/);
    expect(says(result)).toMatch(/Nor is the spread shown/);
  });

  it('where labels are coins: a precision that was fitted is not reported', () => {
    const rows = Array.from({ length: 200 }, (_, i) => {
      const next = random('coins', i);
      return rowsOf(`item ${i}`, [1 + 4 * next(), 1 + 4 * next()], next() < 0.5 ? 1 : 0);
    }).flat();
    const { overSplits, map } = lab.analyse!(rows, { ...SETTINGS, bins: 20, levels: 5 })
      .result as UncertaintyResult;
    expect(overSplits.dp.precision).toBeLessThan(0.6);
    expect(overSplits.dp.kept).toBeLessThan(0.3);
    expect(map.items.flat().reduce((sum, count) => sum + count, 0)).toBe(100);
  });
});

describe('the gain over random halves', () => {
  it('has the interval of Nadeau and Bengio: t(9) · s · √(1/10 + 1) around .1', () => {
    const { gain, low, high } = splitGain([0, 0.2, 0, 0.2, 0, 0.2, 0, 0.2, 0, 0.2])!;
    expect(gain.recall).toBeCloseTo(0.1, 12);
    expect(gain.standardDeviation).toBeCloseTo(0.105409, 6);
    expect(gain).toMatchObject({ ahead: 0.5, splits: 10 });
    expect(high).toBeCloseTo(0.1 + 2.262157 * 0.105409 * Math.sqrt(1.1), 3);
    expect(low).toBeCloseTo(0.2 - high, 12);
  });
  it('is unknown where a half alone tells something', () => {
    expect(splitGain([0.1, null, null])).toBeNull();
  });
});

it('several judges of a file are analysed apart, the first in full', () => {
  const rows = ['one', 'other'].flatMap((judge) => knownRows.map((row) => ({ ...row, judge })));
  const { judge, others, ...first } = analysed(rows);
  expect(judge).toBe('one');
  expect(others).toEqual({ other: first });
});

it.each([
  ['no label', rowsOf('a', [1, 2], null), /"label" must hold the true score/],
  ['no positive label', rowsOf('a', [1, 2], 3), /No label is positive/],
  ['a verdict that is no number', rowsOf('a', ['first', 'tie'], 5), /needs numbers/],
  ['two labels of an item', [...rowsOf('a', [1], 5), ...rowsOf('a', [1], 4)], /has the labels 5 and 4/],
  ['one sample each', [1, 2, 3, 4, 5].flatMap((i) => rowsOf(`${i}`, [i], i)), /two readable verdicts/],
])('a file is refused in words for %s', (_, rows, message) => {
  expect(() => lab.analyse!(rows, SETTINGS)).toThrow(VerdictsError);
  expect(() => lab.analyse!(rows, SETTINGS)).toThrow(message);
});

describe('the judge itself', () => {
  const small = { ...SETTINGS, items: 60, samples: 4, splits: 10 };

  it('that always agrees with the oracle is always sure, and nothing is left to gain', async () => {
    const engine = new OracleEngine();
    engine.usePolicy = async () => void (engine.skill = 1);
    const result = (await lab.run(labBench({ engine }), small)).result as UncertaintyResult;
    for (const { recall, precision } of Object.values(result.rules))
      expect([recall, precision]).toEqual([1, 1]);
    expect(result.gain!.recall).toBe(0);
    expect(result).toMatchObject({ agreeing: { positivity: 1 }, spread: { items: 0, positivity: null } });
    expect(says(result)).toMatch(/^Nothing is shown to be gained/);
  });

  it('is given the reader’s held-out items, which must be enough', async () => {
    const own = (count: number) => ({ train: [], validation: [], heldout: scriptedItems('own', count) });
    const result = (await lab.run(labBench({ items: own(30) }), small)).result as UncertaintyResult;
    expect(result.items + result.leftOut).toBe(30);
    await expect(lab.run(labBench({ items: own(10) }), small)).rejects.toThrow(TooFewItemsError);
  });
});
