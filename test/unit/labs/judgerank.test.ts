import { describe, expect, it } from 'vitest';
import { ndcgOfScores } from '../../../src/evaluate/ndcg.ts';
import { rankingQueries } from '../../../src/data/micro/passages.ts';
import { defaultsOf, SettingsError } from '../../../src/harness/fields.ts';
import type { Item, Score } from '../../../src/judge/item.ts';
import { itemId } from '../../../src/judge/item-id.ts';
import type { VerdictRow } from '../../../src/judge/verdict-table.ts';
import { lab } from '../../../src/labs/judgerank/lab.ts';
import type { PassageReading } from '../../../src/labs/judgerank/judged-passages.ts';
import { NoQueriesError, queriesFor } from '../../../src/labs/judgerank/queries.ts';
import { rankedQuery } from '../../../src/labs/judgerank/rankers.ts';
import type { Difference, RankResult } from '../../../src/labs/judgerank/result.ts';
import { negationLesson, sentenceOf } from '../../../src/labs/judgerank/sentences.ts';
import { FIELDS, type RankSettings } from '../../../src/labs/judgerank/fields.ts';
import { VerdictsError, type LabBench } from '../../../src/labs/lab.ts';
import { MemoryStore } from '../../../src/rationalize/memory-store.ts';
import { labBench } from './lab-bench.ts';
import { OracleEngine } from './oracle-engine.ts';
import { atOnce } from '../../../src/judge/steps.ts';

const settings = (changes: Partial<RankSettings> = {}) => ({ ...defaultsOf(FIELDS), ...changes });

async function run(bench: LabBench, changes: Partial<RankSettings>): Promise<RankResult> {
  return (await lab.run(bench, settings(changes))).result as RankResult;
}

function analyse(rows: readonly VerdictRow[], changes: Partial<RankSettings> = {}): RankResult {
  return lab.analyse!(rows, settings(changes)).result as RankResult;
}

const row = (values: Partial<VerdictRow>): VerdictRow => ({
  item: 'a', group: 'query', judge: 'ranker', taker: null, order: null, variant: null, verdict: 1, label: 1, ...values,
}); // prettier-ignore

/** Passages of one query in the order in which the judge ranks them. */
const ranked = (grades: readonly number[], more: Partial<VerdictRow> = {}) =>
  grades.map((label, i) => row({ item: `p${i}`, verdict: grades.length - i, label, ...more }));

const GRADES = [3, 2, 3, 0, 1, 2];

/** Sees through everything; it could be read on every passage of seed 9. */
class PerfectEngine extends OracleEngine {
  override async usePolicy() {
    this.skill = 1;
  }
}
const PERFECT = { seed: 9, queriesPerKind: 2, passages: 5 };

describe('verdicts of rankers', () => {
  it('have the known nDCG', () => {
    const quality = (grades: number[], changes = {}) => analyse(ranked(grades), changes).rankers['ranker']!.ndcg; // prettier-ignore
    expect(quality(GRADES)).toBeCloseTo(0.961, 3);
    expect(quality(GRADES, { gain: 'exponential' })).toBeCloseTo(0.948811, 6);
    expect(quality(GRADES.toReversed())).toBeCloseTo(0.807351, 6);
    expect(quality(GRADES, { cutoff: 1 })).toBe(1);
  });

  it('are read against the content, and the mean over all orders', () => {
    const { rankers, random } = analyse(ranked([2, 0, 1]));
    expect(rankers['content']!.ndcg).toBe(1);
    const orders = [[2, 1, 0], [2, 0, 1], [1, 2, 0], [1, 0, 2], [0, 2, 1], [0, 1, 2]]; // prettier-ignore
    const each = orders.map((grades) => analyse(ranked(grades)).rankers['ranker']!.ndcg!);
    expect(random.ndcg).toBeCloseTo(each.reduce((sum, value) => sum + value, 0) / 6, 12);
  });

  it('stand last where they could not be read or are absent, and do not count without a label', () => {
    const rows = [
      row({ item: 'best', verdict: null, label: 2 }),
      row({ item: 'good', verdict: 0.1, label: 1 }),
      row({ item: 'bad', verdict: -3, label: 0 }),
      row({ item: 'unknown', verdict: 9, label: null }),
    ];
    const { rankers, unreadable, passages } = analyse([
      ...rows,
      row({ item: 'good', judge: 'other', label: 1 }),
    ]);
    const ideal = 2 + 1 / Math.log2(3);
    expect(rankers['ranker']!.ndcg).toBeCloseTo((1 + 2 / 2) / ideal, 12);
    // Two passages that it did not name share the places behind the one that it did.
    expect(rankers['other']!.ndcg).toBeCloseTo((1 + 1 / Math.log2(3) + 1 / 2) / ideal, 12);
    expect([unreadable, passages]).toEqual([1, 3]);
  });

  it('count by their mean where there are several, and are compared on the same queries', () => {
    const queries = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const good = queries.flatMap((group) => ranked([2, 1, 0], { group, judge: 'good' }));
    const bad = queries.flatMap((group) => ranked([0, 1, 2], { group, judge: 'bad' }).flatMap((one) => [
      { ...one, item: `p${2 - Number(one.item.slice(1))}`, verdict: Number(one.verdict) + 1 },
      { ...one, item: `p${2 - Number(one.item.slice(1))}`, verdict: Number(one.verdict) - 1 },
    ])); // prettier-ignore
    const result = analyse([...good, ...bad]);
    const worst = (1 / Math.log2(3) + 2 / 2) / (2 + 1 / Math.log2(3));
    expect(result.rankers['bad']!.ndcg).toBeCloseTo(worst, 12);
    const [difference] = result.intervals.differences;
    expect(difference).toMatchObject({ first: 'good', second: 'bad', kind: null, queries: 7 });
    expect(difference!.mean).toBeCloseTo(1 - worst, 12);
    expect(result.shown!.orders).toEqual(['good', 'bad']);
    expect(sentenceOf(result, 10)).toMatch(
      /^good \(1\.00\) orders the passages better than bad .* on 7 queries \+0\.\d+ \[/,
    );
  });

  it('are refused in words', () => {
    const refused = (values: Partial<VerdictRow>) => () => analyse([row({}), row({ item: 'b', ...values })]);
    expect(refused({ group: null })).toThrow(/item "b" has no group.*group, its query/);
    expect(refused({ label: -1 })).toThrow(VerdictsError);
    expect(refused({ label: 'tie' })).toThrow(VerdictsError);
    expect(refused({ verdict: 'first' })).toThrow(/"first"/);
    expect(refused({ item: 'a', label: 0 })).toThrow(/several labels/);
    expect(() => analyse([row({ label: null })])).toThrow(/No row has a label/);
  });

  it('have no interval on fewer than six queries, however clear they are', () => {
    const result = (count: number) =>
      analyse(Array.from({ length: count }, (_, i) => ranked([1, 0], { group: `q${i}` })).flat()).intervals;
    expect([result(5).rankers['ranker']!.ndcg, result(5).differences[0]!.interval]).toEqual([null, null]);
    expect(result(6).rankers['ranker']!.ndcg).toEqual({ mean: 1, low: 1, high: 1 });
  });

  it('of a judge that is called as a scripted one stand beside that', () => {
    const { rankers } = analyse(ranked([0, 1], { judge: 'content' }));
    expect([rankers['content (file)']!.ndcg, rankers['content']!.ndcg]).toEqual([1 / Math.log2(3), 1]);
  });

  it('leave out queries on which nothing is relevant', () => {
    const { rankers, random } = analyse([...ranked([1, 0]), ...ranked([0, 0], { group: 'other' })]);
    expect(rankers['ranker']).toEqual({ ndcg: 1, byKind: {}, queries: 1 });
    expect(random.queries).toBe(1);
  });
});

describe('rankers of a query', () => {
  const texts = ['the capital of france is paris', 'paris paris is a big old city in france', 'tokyo is the capital of japan', 'a puppy is a young dog', 'the dog saw a big dog and a cat']; // prettier-ignore
  const passages = texts.map((response, i) => ({ id: String(i), instruction: 'capital of france', response, criterion: 'c' })); // prettier-ignore
  const readings = new Map<string, PassageReading>([
    ['0', { analysis: 'no', probabilities: [0.5, 0.2, 0.1, 0.1, 0.1] }],
    ['1', { analysis: 'yes', probabilities: [0, 0, 0.1, 0.4, 0.5] }],
    ['2', { analysis: '?', probabilities: null }],
    ...['3', '4'].map((id) => [id, { analysis: 'no', probabilities: [1, 0, 0, 0, 0] }] as const),
  ]);
  const judge = { name: 'judge', policy: 'hash' };
  const query = { kind: 'k', query: 'capital of france', passages, relevance: [4, 3, 1, 0, 0] };
  const { scores, passages: shown } = rankedQuery(query, [{ judge, readings }]);
  const of = (ranker: string) => scores.get(ranker)!;

  it('are BM25, p(score ≥ 4), the expected score, and 100·p + BM25', () => {
    const words = [2.818582, 0.79424, 1.879055, 0, 0];
    const [yes, expected] = [[0.2, 0.9, 0, 0, 0], [2.1, 4.4, 1, 1, 1]]; // prettier-ignore
    words.forEach((value, i) => expect(of('bm25')[i]).toBeCloseTo(value, 6));
    yes.forEach((p, i) => expect(of('pYes')[i]).toBeCloseTo(p, 12));
    expected.forEach((value, i) => expect(of('expectedScore')[i]).toBeCloseTo(value, 12));
    yes.forEach((p, i) => expect(of('sum')[i]).toBeCloseTo(100 * p + words[i]!, 6));
  });

  it('go by the judge’s name from the second judge on, and keep what each judge wrote', () => {
    const two = rankedQuery(query, [{ judge, readings }, { judge: { ...judge, name: 'amber acorn' }, readings }]); // prettier-ignore
    expect([...two.scores.keys()]).toEqual([
      'bm25', 'pYes', 'expectedScore', 'sum',
      'pYes by amber acorn', 'expectedScore by amber acorn', 'sum by amber acorn', 'content',
    ]); // prettier-ignore
    expect(shown[1]!.analyses).toEqual([['judge', 'yes']]);
  });
});

describe('a run by the judge', () => {
  it('ranks perfectly by expected score where the judge sees through everything', async () => {
    const { rankers, unreadable, intervals } = await run(labBench({ engine: new PerfectEngine() }), PERFECT);
    expect(unreadable).toBe(0);
    for (const name of ['expectedScore', 'content']) {
      expect(rankers[name]!.ndcg).toBe(1);
      expect(Object.values(rankers[name]!.byKind)).toEqual([1, 1, 1, 1]);
      expect(intervals.rankers[name]!.ndcg).toEqual({ mean: 1, low: 1, high: 1 });
    }
  });

  it('has the nDCG of “4 or 5” by its probability of yes, ties shared', async () => {
    const { rankers } = await run(labBench({ engine: new PerfectEngine() }), PERFECT);
    const each = atOnce(rankingQueries(PERFECT.seed, PERFECT.queriesPerKind, PERFECT.passages)).map(
      ({ relevance }) => {
        return ndcgOfScores(relevance.map((grade) => Number(grade >= 3)), relevance, { k: 10 })!; // prettier-ignore
      },
    );
    expect(rankers['pYes']!.ndcg).toBeCloseTo(each.reduce((sum, value) => sum + value, 0) / each.length, 9);
  });

  it('asks every judge about the same passages', async () => {
    const store = new MemoryStore();
    await store.putPolicy({ kind: 'full', hash: 'expert', weights: Float64Array.of(1).buffer });
    const engine = new OracleEngine();
    const bench = labBench({ store, engine });
    const judges = [...bench.judges, { name: 'expert', policy: 'expert' }];
    const { rankers, intervals, passages } = await run({ ...bench, judges }, PERFECT);
    expect(rankers['pYes by expert']!.queries).toBe(8);
    expect([passages, engine.drawn.length, new Set(engine.drawn).size]).toEqual([40, 80, 40]);
    expect(intervals.differences).toContainEqual(
      expect.objectContaining({ first: 'pYes by expert', second: 'pYes', kind: null }),
    );
  });

  it('shows the query that is asked for, or the one on which BM25 and the judge differ most', async () => {
    const bench = labBench();
    const { shown, perQuery } = await run(bench, PERFECT);
    const most = Math.max(...perQuery.map(({ disagreement }) => disagreement!));
    expect(perQuery[shown!.number - 1]!.disagreement).toBe(most);
    expect(shown!.orders).toEqual(['bm25', 'pYes', 'sum']);
    expect((await run(bench, { ...PERFECT, shownQuery: 3 })).shown!.number).toBe(3);
    await expect(run(bench, { ...PERFECT, shownQuery: 9 })).rejects.toThrow(SettingsError);
  });
});

describe('own items', () => {
  const item = (instruction: string, response: string, score?: Score): Item => {
    const content = { instruction, response, criterion: 'relevant' };
    return { id: itemId(content), ...content, ...(score && { score }) };
  };
  const train = [item('q', 'a', 5), item('q', 'b', 1), item('q', 'c'), item('alone', 'd', 3)];
  const heldout = [item('held', 'e', 2), item('held', 'f', 4), item('held', 'g', 3)];
  const items = { train, validation: [], heldout };
  const { judges } = labBench();

  it('are the passages of a query where they share an instruction; the label less 1 is the relevance', () => {
    const queries = atOnce(queriesFor({ items, judges }, settings()));
    expect(queries.map(({ query }) => query).sort()).toEqual(['held', 'q']);
    const { passages, relevance } = queries.find(({ query }) => query === 'q')!;
    expect(passages.map(({ response, score }) => [response, score])).toEqual(
      passages.map(({ response }, i) => [response, relevance[i]! + 1]),
    );
    expect(relevance.toSorted()).toEqual([0, 4]);
  });

  it('are as many as asked for', () => {
    const sizes = atOnce(queriesFor({ items, judges }, settings({ passages: 2 }))).map(
      ({ passages }) => passages.length,
    );
    expect(sizes).toEqual([2, 2]);
    expect(atOnce(queriesFor({ items, judges }, settings({ queriesPerKind: 1 })))).toHaveLength(1);
  });

  it('are held-out ones where a judge was trained on the others', () => {
    const two = [...judges, ...judges];
    expect(atOnce(queriesFor({ items, judges: two }, settings())).map(({ query }) => query)).toEqual([
      'held',
    ]);
    const nothing = () => atOnce(queriesFor({ items: { ...items, heldout: [] }, judges: two }, settings()));
    expect(nothing).toThrow(NoQueriesError);
  });
});

describe('the lesson of negation', () => {
  const kind = 'sentence without words';
  const difference = (first: string, second: string, low: number, high: number) => ({
    kind, first, second, queries: 12, mean: (low + high) / 2, interval: { mean: (low + high) / 2, low, high },
  }); // prettier-ignore
  const lesson = (...differences: Difference[]) =>
    negationLesson({ intervals: { rankers: {}, differences } } as unknown as RankResult);

  it('is told where the intervals carry it', () => {
    const text = lesson(difference('bm25', 'random', -0.2, -0.1), difference('sum', 'pYes', -0.08, -0.04));
    expect(text).toMatch(
      /goes against it.*−0\.15 \[−0\.20, −0\.10\].*adding BM25 to the judge hurts \(−0\.06.*12 queries/,
    );
  });

  it('is not told where an interval holds zero, or where there is none', () => {
    const unclear = lesson(difference('bm25', 'random', -0.2, 0.01), difference('sum', 'pYes', -0.08, 0));
    expect(unclear).toMatch(/not shown that BM25 is worse .*not shown that adding BM25 to the judge hurts/);
    const few = [difference('bm25', 'random', -0.2, -0.1), difference('sum', 'pYes', -0.08, -0.04)];
    expect(lesson(...few.map((one) => ({ ...one, interval: null })))).toMatch(
      /not shown that BM25 is worse .*too few.*not shown that adding/,
    );
  });

  it('is silent where no query says “without”', () => {
    expect(lesson()).toBeNull();
  });
});
