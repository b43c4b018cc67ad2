import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SHARED_FOLDER } from '../../../scripts/vite/shared-folder.ts';
import { battleTable, winRates } from '../../../src/evaluate/battle-table.ts';
import type { Battle } from '../../../src/judge/model-vote.ts';
import { bradleyTerry } from '../../../src/evaluate/bradley-terry.ts';

const VOTES = `${SHARED_FOLDER}/data/mt-bench/human_votes`;
const BY_RANK = ['gpt-4', 'claude-v1', 'gpt-3.5-turbo', 'vicuna-13b-v1.2', 'alpaca-13b', 'llama-13b'];

const wins = (a: string, b: string, count: number): Battle => ({ a, b, winner: 'a', weight: count });
const ratingsOf = (battles: Battle[]) => bradleyTerry(battleTable(battles));

describe('Bradley–Terry', () => {
  it('puts three wins to one 190.85 points apart, around 1000', () => {
    const [a, b] = ratingsOf([wins('a', 'b', 3), wins('b', 'a', 1)])!;
    expect(a! - b!).toBeCloseTo(190.85, 2);
    expect((a! + b!) / 2).toBeCloseTo(1000, 9);
  });

  it('recovers ratings from the very shares that they make', () => {
    const truth = { a: 1250, b: 1010, c: 740 };
    const names = ['a', 'b', 'c'] as const;
    const battles = names.flatMap((a) =>
      names.filter((b) => b !== a).map((b) => wins(a, b, 1 / (1 + 10 ** ((truth[b] - truth[a]) / 400)))),
    );
    ratingsOf(battles)!.forEach((rating, i) => expect(rating).toBeCloseTo(truth[names[i]!], 6));
  });

  it('takes a tie for half a win of either side', () => {
    const tied = ratingsOf([
      wins('a', 'b', 2),
      { a: 'b', b: 'a', winner: 'tie' },
      wins('b', 'c', 2),
      wins('c', 'a', 1),
    ]);
    const halves = [wins('a', 'b', 2.5), wins('b', 'a', 0.5), wins('b', 'c', 2), wins('c', 'a', 1)];
    expect(tied).toEqual(ratingsOf(halves));
  });

  it('has no ratings where somebody never won, or two groups never met', () => {
    expect(ratingsOf([wins('a', 'b', 3)])).toBeNull();
    const groups = [wins('a', 'b', 1), wins('b', 'a', 1), wins('c', 'd', 1), wins('d', 'c', 1)];
    expect(ratingsOf(groups)).toBeNull();
    expect(ratingsOf([...groups, wins('a', 'c', 1)])).toBeNull();
    expect(ratingsOf([...groups, { a: 'a', b: 'c', winner: 'tie' }])).not.toBeNull();
  });

  it('has a rating for one contestant, and none for none', () => {
    expect(bradleyTerry(battleTable([], ['alone']))).toEqual([1000]);
    expect(bradleyTerry(battleTable([]))).toEqual([]);
  });

  it('refuses battles of strangers and of one with itself', () => {
    expect(() => battleTable([wins('a', 'b', 1)], ['a', 'c'])).toThrow(RangeError);
    expect(() => battleTable([wins('a', 'a', 1)])).toThrow(RangeError);
  });

  it('fits 2,000 resamples of six contestants within two seconds', () => {
    const all = BY_RANK.flatMap((a, i) =>
      BY_RANK.flatMap((b, j) => (a === b ? [] : [wins(a, b, 10 + 7 * i + j)])),
    );
    const table = battleTable(all);
    const started = performance.now();
    for (let i = 0; i < 2000; i++) bradleyTerry(table);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe.skipIf(!isThere())('votes on MT-bench', () => {
  it('give the known ratings: all human votes, experts and authors', () => {
    expect(rated('human')).toEqual([1177.39, 1111.67, 1104.16, 990.12, 867.69, 748.96]);
  });

  it("give the known ratings: GPT-4's, inconsistent verdicts as ties", () => {
    expect(rated('gpt4_pair')).toEqual([1314.5, 1171.88, 1091.37, 970.36, 786.35, 665.55]);
  });

  it('give the known win rates, in which Claude and GPT-3.5 change places', () => {
    const rates = winRates(battleTable(votes('human'), BY_RANK));
    expect(rates.map((rate) => Number((100 * rate!).toFixed(2)))).toEqual([
      73.28, 65.01, 65.19, 48.01, 28.68, 15.42,
    ]);
  });
});

function rated(file: string): number[] {
  return bradleyTerry(battleTable(votes(file), BY_RANK))!.map((rating) => Number(rating.toFixed(2)));
}

function votes(file: string): Battle[] {
  const lines = readFileSync(`${VOTES}/${file}.jsonl`, 'utf8').trim().split('\n');
  return lines.map((line) => {
    const { model_a, model_b, winner } = JSON.parse(line) as Record<string, string>;
    return {
      a: model_a!,
      b: model_b!,
      winner: winner === 'model_a' ? 'a' : winner === 'model_b' ? 'b' : 'tie',
    };
  });
}

function isThere(): boolean {
  const there = existsSync(VOTES);
  if (!there) console.info(`skipped: there is no ${VOTES}`);
  return there;
}
