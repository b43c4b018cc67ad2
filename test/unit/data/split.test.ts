import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  contentHash,
  divideInSteps,
  factsOf,
  importSplitKey,
  itemsHash,
  splitHash,
  splitOf,
  SPLITS,
} from '../../../src/data/split.ts';
import { itemId } from '../../../src/judge/item-id.ts';
import type { Item } from '../../../src/judge/item.ts';
import { atOnce } from '../../../src/judge/steps.ts';

const items: Item[] = Array.from({ length: 3000 }, (_, i) => {
  const content = { instruction: `Question ${i % 600}`, response: `Answer ${i}`, criterion: 'quality' };
  return { id: itemId(content), ...content };
});

const divided = (some: readonly Item[]) => {
  const parts = atOnce(divideInSteps(some));
  return { train: idsOf(parts.train), validation: idsOf(parts.validation), heldout: idsOf(parts.heldout) };
};
const idsOf = (part: readonly Item[]) => part.map(({ id }) => id);

describe('the split', () => {
  it('keeps all answers to one instruction together', () => {
    const { train, validation, heldout } = divided(items);
    const partOf = new Map(
      [train, validation, heldout].flatMap((ids, part) => ids.map((id) => [id, part] as const)),
    );
    const parts = new Map<string, Set<number>>();
    for (const item of items) {
      const seen = parts.get(item.instruction) ?? new Set<number>();
      parts.set(item.instruction, seen.add(partOf.get(item.id)!));
    }
    expect([...parts.values()].every((seen) => seen.size === 1)).toBe(true);
    expect(partOf.size).toBe(items.length);
  });

  it('gives about 70, 10 and 20 %', () => {
    const shares = SPLITS.map((split) => divided(items)[split].length / items.length);
    [0.7, 0.1, 0.2].forEach((share, i) => expect(shares[i]).toBeCloseTo(share, 1));
  });

  it('does not move an item when others come or go', () => {
    fc.assert(
      fc.property(fc.subarray(items), (some) => {
        const split = divided(some);
        for (const name of SPLITS)
          for (const id of split[name])
            expect(splitOf(importSplitKey(items.find((item) => item.id === id)!))).toBe(name);
      }),
      { numRuns: 3 },
    );
  });
});

describe('hashes', () => {
  it('name the content, not the order', () => {
    expect(itemsHash([...items].reverse())).toBe(itemsHash(items));
    expect(itemsHash(items.slice(1))).not.toBe(itemsHash(items));
    expect(itemsHash([{ ...items[0]!, score: 3 }])).not.toBe(itemsHash([{ ...items[0]!, score: 4 }]));
  });

  it('of a part are those of its whole JSON', () => {
    const train = items.map((item, i): Item =>
      i % 2 === 0 ? { ...item, score: 3, rationale: 'Ä 😀' } : item,
    );
    const rows = train.map(({ id, score, rationale }) => [id, score ?? null, rationale ?? null]);
    expect(atOnce(factsOf({ train, validation: train.slice(0, 1), heldout: [] }))).toEqual({
      train: { count: train.length, hash: contentHash(rows) },
      validation: { count: 1, hash: contentHash(rows.slice(0, 1)) },
      heldout: { count: 0, hash: contentHash([]) },
    });
  });

  it('name the division', () => {
    const split = divided(items);
    const hash = splitHash(split);
    expect(splitHash({ ...split, train: [...split.train].reverse() })).toBe(hash);
    expect(splitHash({ ...split, train: split.validation, validation: split.train })).not.toBe(hash);
    expect(hash).toMatch(/^[0-9a-f]{16}$/);
  });
});
