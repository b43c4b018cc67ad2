import okapi from 'okapibm25';
import { describe, expect, it } from 'vitest';
import { random, shuffled } from '../../../../src/judge/random.ts';
import { wordsIn } from '../../../../src/judge/words.ts';
import { belongs } from '../../../../src/data/micro/items.ts';
import { grade } from '../../../../src/data/micro/oracle.ts';
import { QUERY_KINDS, rankingQueries, type RankingQuery } from '../../../../src/data/micro/passages.ts';
import { atOnce } from '../../../../src/judge/steps.ts';

const queries = atOnce(rankingQueries(1, 30));

/** DCG with linear gain over DCG in the best order. */
function ndcg(relevance: readonly number[]): number {
  const dcg = (list: readonly number[]) => list.reduce((sum, gain, i) => sum + gain / Math.log2(i + 2), 0);
  return dcg(relevance) / dcg(relevance.toSorted((a, b) => b - a));
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

const ofKind = (kind: string) => queries.filter((query) => query.kind === kind);

/** Mean over 20 random orders. */
const byChance = ({ id, relevance }: RankingQuery) =>
  mean(Array.from({ length: 20 }, (_, seed) => ndcg(shuffled(relevance, random(seed, id)))));

function byWords({ query, passages, relevance }: RankingQuery): number {
  const texts = passages.map(({ response }) => wordsIn(response).join(' '));
  const scores = okapi(texts, wordsIn(query), { k1: 1.2, b: 0.75 }) as number[];
  const order = [...relevance.keys()].sort((a, b) => scores[b]! - scores[a]!);
  return ndcg(order.map((i) => relevance[i]!));
}

describe('ranking queries', () => {
  it('are of four kinds, with ten different held-out passages each', () => {
    expect(QUERY_KINDS.map((kind) => ofKind(kind).length)).toEqual([30, 30, 30, 30]);
    for (const query of queries) {
      expect(new Set(query.passages.map(({ response }) => response)).size).toBe(10);
      for (const item of query.passages) expect(belongs('heldout', item, item)).toBe(true);
    }
  });

  it('are different, and end in words where there are no more', () => {
    expect(new Set(queries.map(({ id }) => id)).size).toBe(120);
    expect(() => atOnce(rankingQueries(1, 65, 2))).toThrow(/list of a category/);
  });

  it('have the oracle’s score less 1 as relevance, from 0 to 4', () => {
    for (const { query, criterion, passages, relevance } of queries)
      expect(relevance).toEqual(passages.map(({ response }) => grade(query, response, criterion)!.score - 1));
  });

  it('are the same for the same seed, however many are drawn', () => {
    expect(atOnce(rankingQueries(1, 2))).toEqual(QUERY_KINDS.flatMap((kind) => ofKind(kind).slice(0, 2)));
    expect(atOnce(rankingQueries(2, 2))).not.toEqual(atOnce(rankingQueries(1, 2)));
  });

  it('can have 2 to 20 passages', () => {
    for (const count of [2, 20])
      expect(atOnce(rankingQueries(1, 3, count)).every(({ passages }) => passages.length === count)).toBe(
        true,
      );
    for (const count of [0, 1, 21, NaN])
      expect(() => atOnce(rankingQueries(1, 1, count))).toThrow(RangeError);
  });

  // labs.md, section 10, measured .64 to .81 by chance on its own ten passages a query.
  it.each(QUERY_KINDS)('leave room above chance: %s', (kind) => {
    const chance = mean(ofKind(kind).map(byChance));
    expect(chance).toBeGreaterThan(0.55);
    expect(chance).toBeLessThan(0.86);
  });

  it('reward words in common where words are asked for, and punish them under negation and for echoed facts', () => {
    expect(mean(ofKind('sentence with words').map(byWords))).toBeGreaterThan(0.97);
    for (const kind of ['sentence without words', 'facts'])
      expect(mean(ofKind(kind).map(byWords))).toBeLessThan(mean(ofKind(kind).map(byChance)) - 0.08);
  });
});
