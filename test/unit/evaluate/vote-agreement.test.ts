import { describe, expect, it } from 'vitest';
import { isExpert } from '../../../src/data/import/mt-bench-votes.ts';
import {
  agreementAmong,
  agreementBetween,
  type SetupAgreement,
} from '../../../src/evaluate/vote-agreement.ts';
import type { ModelVote } from '../../../src/judge/model-vote.ts';
import { gpt4, human } from '../data/released/mt-bench-votes.ts';

const written = ({ share, pairs }: SetupAgreement) => [(share! * 100).toFixed(2), pairs];

describe('the released votes give the published agreement', () => {
  it.each([
    [1, ['65.97', 1343], ['84.63', 859], ['62.97', 721], ['81.00', 479]],
    [2, ['65.74', 1325], ['84.61', 864], ['66.62', 707], ['81.86', 474]],
  ])('turn %i', (turn, withTies, decided, amongWithTies, amongDecided) => {
    const experts = human.filter((vote) => isExpert(vote) && vote.turn === turn);
    const between = agreementBetween(gpt4, experts);
    const among = agreementAmong(experts);
    expect([between.withTies, between.decided].map(written)).toEqual([withTies, decided]);
    expect([among.withTies, among.decided].map(written)).toEqual([amongWithTies, amongDecided]);
  });
});

const vote = (given: Partial<ModelVote>): ModelVote => ({
  judge: 'x',
  a: 'm',
  b: 'n',
  question: '1',
  turn: 1,
  winner: 'a',
  inconsistent: false,
  ...given,
});

it('sees the same vote when the two models stand the other way round', () => {
  const { withTies } = agreementBetween([vote({})], [vote({ a: 'n', b: 'm', winner: 'b' })]);
  expect(withTies).toEqual({ share: 1, pairs: 1 });
});

it('takes an inconsistent verdict for a tie', () => {
  const changed = vote({ winner: 'tie', inconsistent: true });
  const { withTies, decided } = agreementBetween([changed], [vote({ winner: 'tie' }), vote({})]);
  expect(withTies).toEqual({ share: 0.5, pairs: 2 });
  expect(decided).toEqual({ share: null, pairs: 0 });
});

it('counts each pair of votes once, and only votes on the same answers', () => {
  const three = [vote({}), vote({}), vote({ winner: 'b' })];
  const elsewhere = [vote({ turn: 2 }), vote({ question: '2' }), vote({ b: 'o' })];
  expect(agreementAmong([...three, ...elsewhere]).withTies).toEqual({ share: 1 / 3, pairs: 3 });
  expect(agreementAmong([]).withTies.share).toBeNull();
});
