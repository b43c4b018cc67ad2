import { describe, expect, it } from 'vitest';
import { defaultsOf } from '../../../src/harness/fields.ts';
import type { LabOutcome } from '../../../src/harness/lab-run.ts';
import type { VerdictRow } from '../../../src/judge/verdict-table.ts';
import { lab } from '../../../src/labs/mt-bench/lab.ts';
import { readChoices, standingOf } from '../../../src/labs/mt-bench/reader-votes.ts';
import type { MtBenchResult, OpenBattle } from '../../../src/labs/mt-bench/result.ts';
import { VerdictsError } from '../../../src/labs/lab.ts';
import { verdictRow } from '../evaluate/verdict-rows.ts';
import { labBench } from './lab-bench.ts';
import { readReleased } from './released-files.ts';

const settings = { ...defaultsOf(lab.fields), resamples: 100 };
const resultOf = (outcome: LabOutcome) => outcome.result as MtBenchResult;

describe('the released votes', async () => {
  const { judges, agreement, intervals } = resultOf(await lab.released!.open(readReleased, settings));
  const rated = (judge: string, way: 'bradleyTerry' | 'elo' | 'winRate', scale = 1) =>
    BY_RANK.map((model) => Number((scale * judges[judge]!.ratings[model]![way]!).toFixed(2)));

  it('give the known ratings', () => {
    expect(rated('people', 'bradleyTerry')).toEqual([1177.39, 1111.67, 1104.16, 990.12, 867.69, 748.96]);
    expect(rated('GPT-4', 'bradleyTerry')).toEqual([1314.5, 1171.88, 1091.37, 970.36, 786.35, 665.55]);
    expect(rated('people', 'elo')).toEqual([1221.21, 1130.81, 1085.6, 1029.83, 828.77, 703.78]);
    expect(rated('people', 'winRate', 100)).toEqual([73.28, 65.01, 65.19, 48.01, 28.68, 15.42]);
  });

  it('give the known agreement', () => {
    const written = Object.entries(agreement).map(([name, one]) => [
      name,
      (100 * one.withTies!).toFixed(2),
      one.withTiesPairs,
      (100 * one.decided!).toFixed(2),
      one.decidedPairs,
    ]);
    expect(written).toEqual([
      ['GPT-4 × expert, turn 1', '65.97', 1343, '84.63', 859],
      ['expert × expert, turn 1', '62.97', 721, '81.00', 479],
      ['GPT-4 × expert, turn 2', '65.74', 1325, '84.61', 864],
      ['expert × expert, turn 2', '66.62', 707, '81.86', 474],
    ]);
  });

  it('give the known share of inconsistent verdicts', () => {
    expect(judges['GPT-4']!.votes).toBe(2400);
    expect((100 * judges['GPT-4']!.inconsistent!).toFixed(1)).toBe('15.8');
  });

  it('have an interval around each number', () => {
    for (const model of BY_RANK) {
      const { low, high } = intervals.judges['people']![model]!.bradleyTerry!;
      const value = judges['people']!.ratings[model]!.bradleyTerry!;
      expect(low < value && value < high).toBe(true);
    }
    const { low, high } = intervals.agreement['GPT-4 × expert, turn 1']!.decided!;
    expect(low < 0.8463 && high > 0.8463).toBe(true);
  });

  it('let Claude and GPT-3.5 change places between ratings in the rank chart', () => {
    const blocks = lab.report({ judges, agreement, intervals, attacks: {}, battles: [] }, settings);
    const chart = blocks.find((block) => block.kind === 'ranks')!;
    expect(chart.orders).toEqual([
      'people: Bradley–Terry',
      'people: Elo',
      'people: win rate',
      'GPT-4: Bradley–Terry',
      'GPT-4: win rate',
    ]);
    const ranks = (label: string) => chart.things.find((thing) => thing.label === label)!.ranks;
    expect([ranks('claude-v1').slice(0, 3), ranks('gpt-3.5-turbo').slice(0, 3)]).toEqual([
      [2, 2, 3],
      [3, 3, 2],
    ]);
  });
});

const BY_RANK = ['gpt-4', 'claude-v1', 'gpt-3.5-turbo', 'vicuna-13b-v1.2', 'alpaca-13b', 'llama-13b'];

describe("battles of the judge's own answers", async () => {
  const outcome = await lab.run(labBench(), { ...settings, questions: 40, contestants: 3, attackCases: 10 });
  const { judges, agreement, attacks, battles } = resultOf(outcome);

  it('the content judge votes as the truth does, always-first decides nothing, points have no position', () => {
    expect(agreement['scripted: content × the truth']).toMatchObject({ withTies: 1, decided: 1 });
    expect(agreement['scripted: always-first × the truth']).toMatchObject({ decided: null, decidedPairs: 0 });
    expect(agreement['scripted: always-first × the truth']!.withTies).toBe(judges['the truth']!.ties);
    expect(judges['scripted: always-first']).toMatchObject({ ties: 1, inconsistent: 1 });
    expect(judges['oracle, two point judgments']).toMatchObject({ inconsistent: 0 });
  });

  it('a coin in each order disagrees with itself in about half of the battles', () => {
    const { inconsistent, votes } = judges['scripted: coin']!;
    expect(Math.abs(inconsistent! - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / votes));
  });

  it('attacks fool the judge of style and not the one of content', () => {
    expect(attacks['verbosity']!['scripted: content']!.succeeds).toBe(0);
    expect(attacks['repeated list']!['scripted: content']!.succeeds).toBe(0);
    expect(attacks['verbosity']!['scripted: style-lover']).toMatchObject({ succeeds: 1 });
    expect(attacks['swap']!['scripted: always-first']).toMatchObject({ succeeds: 1 });
  });

  it('leave some battles for the reader, each of two different answers', () => {
    expect(battles).toHaveLength(40);
    for (const { a, b, contestants } of battles) {
      expect(a).not.toBe(b);
      expect(contestants[0]).not.toBe(contestants[1]);
    }
  });

  it('are refused on own items, in words', async () => {
    const items = { train: [], validation: [], heldout: [] };
    await expect(lab.run(labBench({ items }), settings)).rejects.toThrow(/own items have no contestants/);
  });
});

describe('stored votes', () => {
  const analysed = (rows: readonly VerdictRow[]) => resultOf(lab.analyse!(rows, settings));
  const row = (given: Partial<VerdictRow>) => verdictRow({ judge: 'j', taker: 'x vs y', ...given });

  it('are rated for judges and people, and agree where verdict and label do', () => {
    const { judges, agreement } = analysed([
      row({ item: '1', verdict: 'first', label: 'first' }),
      row({ item: '2', verdict: 'first', label: 'first' }),
      row({ item: '3', verdict: 'first', label: 'tie' }),
      row({ item: '4', taker: 'y vs x', verdict: 'first', label: 'second' }),
      row({ item: '5', verdict: null, label: 'first' }),
      row({ item: '6', verdict: 'tie' }),
    ]);
    expect(agreement['j × people']).toEqual({
      withTies: 0.5,
      withTiesPairs: 4,
      decided: 2 / 3,
      decidedPairs: 3,
    });
    expect(judges['j']).toMatchObject({ votes: 5, unread: 1, ties: 0.2 });
    expect(judges['j']!.ratings['x']!.winRate).toBe(0.7);
    expect(judges['people']!.ratings['x']!.winRate).toBe(0.9);
    // Three and a half wins to one and a half.
    const lead = judges['j']!.ratings['x']!.bradleyTerry! - judges['j']!.ratings['y']!.bradleyTerry!;
    expect(lead).toBeCloseTo(400 * Math.log10(3.5 / 1.5), 6);
  });

  it('need both orders for a win where the file has both', () => {
    const orders = (item: string, exchanged: VerdictRow['verdict']) => [
      row({ item, order: 'ab', verdict: 'first', label: 'first' }),
      row({ item, order: 'ba', taker: 'y vs x', verdict: exchanged, label: 'second' }),
    ];
    const { judges, agreement } = analysed([
      ...orders('1', 'second'),
      ...orders('2', 'first'),
      ...orders('3', null),
    ]);
    expect(judges['j']).toMatchObject({ votes: 2, inconsistent: 0.5, ties: 0.5, unread: 1 });
    expect(agreement['j × people']).toMatchObject({ withTies: 0.5, decided: 1, decidedPairs: 1 });
  });

  it('count the vote of people on an item once, however many judges there are', () => {
    const rows = ['j', 'k'].map((judge) => row({ item: '1', judge, verdict: 'tie', label: 'first' }));
    expect(analysed(rows).judges['people']!.votes).toBe(1);
  });

  it('need no label, and are refused in words without two contestants or with scores', () => {
    expect(Object.keys(analysed([row({ verdict: 'first' })]).agreement)).toEqual([]);
    for (const taker of [null, 'x', 'x vs x', 'x vs y vs z'])
      expect(() => analysed([row({ taker, verdict: 'first' })])).toThrow(/joined by " vs "/);
    expect(() => analysed([row({ verdict: 4 })])).toThrow(VerdictsError);
    expect(() => analysed([row({ label: 1 })])).toThrow(/label of item/);
  });
});

describe("the reader's votes", () => {
  const battle = (judge: OpenBattle['judge'], truth: OpenBattle['truth']): OpenBattle => ({
    question: 'q', criterion: 'c', a: 'x', b: 'y', contestants: ['cool', 'hot'], judge, truth,
  }); // prettier-ignore
  const battles = [battle('a', 'a'), battle('tie', 'b'), battle(null, 'a'), battle('b', 'b')];

  it('agree with judge and truth on the battles voted on so far', () => {
    const { withJudge, withTruth, table } = standingOf(battles, ['a', 'b', 'tie']);
    expect(withJudge).toEqual({ withTies: { share: 0.5, pairs: 2 }, decided: { share: 1, pairs: 1 } });
    expect(withTruth.withTies).toEqual({ share: 2 / 3, pairs: 3 });
    expect(table.map(({ contestant, winRate }) => [contestant, winRate]).sort()).toEqual([
      ['cool', 0.5],
      ['hot', 0.5],
    ]);
    expect(standingOf(battles, ['a']).table[0]).toEqual({
      contestant: 'cool',
      winRate: 1,
      elo: 1002,
      judgeElo: 1002,
    });
  });

  it('come back after a reload, and nothing that is no list of votes', () => {
    expect(readChoices('["a","tie"]', 2)).toEqual(['a', 'tie']);
    for (const text of [null, 'nonsense', '["c"]', '{"0":"a"}', '["a","b","a"]'])
      expect(readChoices(text, 2)).toEqual([]);
  });
});
