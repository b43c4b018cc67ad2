import { describe, expect, it } from 'vitest';
import type { Item, Split } from '../../../../src/judge/item.ts';
import { FAMILIES, CRITERIA } from '../../../../src/data/micro/families/table.ts';
import { microItems } from '../../../../src/data/micro/items.ts';
import { SPLITS, microSplitKey } from '../../../../src/data/split.ts';

const COUNT = 2000;
const drawn = Object.fromEntries(SPLITS.map((split) => [split, microItems(split, 1, COUNT)])) as Record<
  Split,
  Item[]
>;
const all = SPLITS.flatMap((split) => drawn[split]);

/** The formula of each criterion, applied to the figures that the rationale ends in: written anew for the test. */
function scoreFromFigures(item: Item): number {
  const figures = (item.rationale ?? '').split('. ').at(-1) ?? '';
  const [first = NaN, second = NaN] = (figures.match(/\d+/g) ?? []).map(Number);
  if (/ of /.test(figures)) return shareScore(first / second);
  if (/polite/.test(figures)) return Math.min(5, Math.max(1, 3 + first - second));
  return Math.max(1, 5 - first);
}

function shareScore(share: number): number {
  if (share === 0 || share === 1) return 1 + 4 * share;
  return Math.min(4, Math.max(2, 1 + Math.round(4 * share)));
}

describe('micro items', () => {
  it('never put an instruction and response into two parts', () => {
    const keys = SPLITS.map((split) => new Set(drawn[split].map(microSplitKey)));
    const shared = (a: Set<string>, b: Set<string>) => [...a].filter((key) => b.has(key));
    expect(shared(keys[0]!, keys[1]!)).toEqual([]);
    expect(shared(keys[0]!, keys[2]!)).toEqual([]);
    expect(shared(keys[1]!, keys[2]!)).toEqual([]);
  });

  it('are different from each other', () => {
    expect(new Set(drawn.train.map(({ id }) => id)).size).toBe(COUNT);
  });

  it('are the same for the same seed, and a longer draw begins with a shorter one', () => {
    expect(microItems('heldout', 1, 50)).toEqual(drawn.heldout.slice(0, 50));
    expect(microItems('heldout', 2, 50)).not.toEqual(drawn.heldout.slice(0, 50));
  });

  it('keep the version that shipped: these ids change only with MICRO_VERSION', () => {
    expect(drawn.train.slice(0, 3).map(({ id }) => id)).toMatchInlineSnapshot(`
      [
        "66c9a4559fdafefa",
        "d218ea74f65a5a1c",
        "91422b345e760d44",
      ]
    `);
  });

  it('have the score that follows from the last figures of their rationale', () => {
    for (const item of all)
      expect([item.rationale, item.score]).toEqual([item.rationale, scoreFromFigures(item)]);
  });

  it('come from every family', () => {
    expect(new Set(all.map(({ family }) => family))).toEqual(new Set(FAMILIES.map(({ name }) => name)));
  });

  it.each(CRITERIA.map(({ criterion }) => criterion))('have all five scores under "%s"', (criterion) => {
    const scores = all.filter((item) => item.criterion === criterion).map(({ score }) => score);
    for (const score of [1, 2, 3, 4, 5])
      expect(scores.filter((given) => given === score).length / scores.length).toBeGreaterThan(0.04);
  });

  it('stand in the slip condition in about 15 % of the cases, and then never deserve a 5', () => {
    const slips = all.filter(({ slip }) => slip);
    expect(slips.length / all.length).toBeGreaterThan(0.12);
    expect(slips.length / all.length).toBeLessThan(0.18);
    expect(slips.every(({ score }) => score! < 5)).toBe(true);
  });
});
