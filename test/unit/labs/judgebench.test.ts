import { describe, expect, it } from 'vitest';
import { defaultsOf } from '../../../src/harness/fields.ts';
import type { VerdictRow, VerdictValue } from '../../../src/judge/verdict-table.ts';
import { lab } from '../../../src/labs/judgebench/lab.ts';
import type { JudgeBenchResult } from '../../../src/labs/judgebench/result.ts';
import { VerdictsError } from '../../../src/labs/lab.ts';
import { verdictRow } from '../evaluate/verdict-rows.ts';
import { labBench } from './lab-bench.ts';

const settings = defaultsOf(lab.fields);
const analysed = (rows: readonly VerdictRow[], changes: object = {}) =>
  lab.analyse!(rows, { ...settings, ...changes }).result as JudgeBenchResult;

type Side = 'first' | 'second';
const other = (side: Side): Side => (side === 'first' ? 'second' : 'first');

/** Both orders of one pair, verdict and label as shown; `verdicts` are [as it stands, exchanged]. */
function pair(
  item: string,
  label: Side,
  verdicts: readonly (VerdictValue | null)[],
  judge = 'j',
): VerdictRow[] {
  return verdicts.map((verdict, i) =>
    verdictRow({ item, judge, group: 'maths', order: String(i), verdict, label: i === 0 ? label : other(label) }),
  ); // prettier-ignore
}

const FIRST = ['first', 'first'] as const;

describe('stored verdicts', () => {
  it('give known judges their known accuracies', () => {
    const labels: Side[] = ['first', 'second', 'first', 'second'];
    const tosses: Side[] = ['first', 'second'];
    const rows = labels.flatMap((label, i) => [
      ...pair(`p${i}`, label, FIRST, 'always first'),
      ...pair(`p${i}`, label, ['tie', 'tie'], 'always tie'),
      ...pair(`p${i}`, label, [label, other(label)], 'oracle'),
      ...pair(`p${i}`, 'first', [tosses[i >> 1]!, tosses[i & 1]!], 'coin in each order'),
      ...pair(`p${i}`, label, [tosses[i >> 1]!, other(tosses[i >> 1]!)], 'coin kept'),
    ]);
    const { judges } = analysed(rows);
    expect(Object.entries(judges).map(([name, { accuracy }]) => [name, accuracy])).toEqual([
      ['always first', 0],
      ['always tie', 0],
      ['oracle', 1],
      ['coin in each order', 0.25],
      ['coin kept', 0.5],
    ]);
    expect(judges['always first']).toMatchObject({ inconsistent: 4, changed: 4, pairs: 4 });
  });

  it('count right and tie as right, right and wrong not, and an empty verdict as no vote', () => {
    const { judges, intervals } = analysed([
      ...pair('a', 'first', ['first', 'tie']),
      ...pair('b', 'first', FIRST),
      ...pair('c', 'first', [null, 'second']),
      ...pair('d', 'first', [null, 'tie']),
    ]);
    expect(judges['j']).toMatchObject({
      right: 2,
      inconsistent: 1,
      tie: 1,
      wrong: 0,
      unread: 2,
      accuracy: 0.5,
    });
    expect(judges['j']!.bySource['maths']).toMatchObject({ pairs: 4, accuracy: 0.5 });
    expect(intervals['j']!.accuracy!.low).toBeCloseTo(0.15, 2);
  });

  it('count the first verdict alone where one game is the rule', () => {
    const rows = [...pair('a', 'first', FIRST), ...pair('b', 'second', FIRST)];
    expect(analysed(rows).judges['j']!.accuracy).toBe(0);
    expect(analysed(rows, { rule: 'single' }).judges['j']).toMatchObject({
      right: 1,
      wrong: 1,
      accuracy: 0.5,
    });
  });

  it('pass over rows without a label, and are refused in words without any, or with scores', () => {
    const rows = pair('a', 'first', FIRST);
    const unlabelled = verdictRow({ item: 'x', judge: 'j', verdict: 'first' });
    expect(analysed([...rows, unlabelled]).judges['j']!.pairs).toBe(1);
    expect(() => analysed([unlabelled])).toThrow(/column "label"/);
    expect(() => analysed([unlabelled])).toThrow(VerdictsError);
    expect(() => analysed([verdictRow({ verdict: 4, label: 'first' })])).toThrow(VerdictsError);
    expect(() => analysed([verdictRow({ verdict: 'first', label: 'tie' })])).toThrow(/first or second/);
  });
});

it('by a judge: the content judge is right on all pairs, those that see no content are not', async () => {
  const { result } = await lab.run(labBench(), { ...settings, questions: 60, samples: 6 });
  const { judges } = result as JudgeBenchResult;
  expect(judges['scripted: content']).toMatchObject({ accuracy: 1, inconsistent: 0 });
  expect(judges['scripted: always-first']).toMatchObject({ accuracy: 0, right: 0, tie: 0, wrong: 0 });
  expect(judges['scripted: always-tie']).toMatchObject({ accuracy: 0, inconsistent: 0 });
  const points = judges['oracle, two point judgments']!;
  expect(points).toMatchObject({ inconsistent: 0, changed: 0, kind: 'no position' });
  expect(points.pairs).toBe(judges['scripted: content']!.pairs);
});

it("compares the reader's own items, and says in words where they hold no pair", async () => {
  const base = { instruction: 'Give the capital of France.', criterion: 'correct facts', family: 'capitals' };
  const item = (response: string, score: 1 | 5) => ({ ...base, id: response, response, score });
  const items = { train: [], validation: [], heldout: [item('Paris', 5), item('Rome', 1)] };
  const { result } = await lab.run(labBench({ items }), settings);
  expect((result as JudgeBenchResult).judges['scripted: content']!.pairs).toBe(1);
  const none = { ...items, heldout: [item('Paris', 5)] };
  await expect(lab.run(labBench({ items: none }), settings)).rejects.toThrow(
    /right answer .5. and a wrong one/,
  );
});
