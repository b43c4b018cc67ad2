import type { Item } from '../../../judge/item.ts';
import type { ItemPairs, Pair } from '../../../rationalize/pair.ts';
import { itemName } from './scoreRows.ts';

/** A line of the pair list: one pair, or the reason why an item gave none. */
export interface PairRow {
  key: string;
  itemId: string;
  name: string;
  pair: Pair | null;
  reason: string;
}

export type PairFilter = 'pairs' | 'none' | 'decided';

export function pairRows(items: readonly ItemPairs[], known: ReadonlyMap<string, Item>): PairRow[] {
  return items.flatMap(({ itemId, pairs, reason }): PairRow[] => {
    const name = itemName(known.get(itemId));
    if (pairs.length === 0) return [{ key: itemId, itemId, name, pair: null, reason }];
    return pairs.map((pair) => ({ key: pair.key, itemId, name, pair, reason }));
  });
}

export function filterRows(
  rows: readonly PairRow[],
  filter: PairFilter,
  decided: ReadonlyMap<string, unknown>,
): PairRow[] {
  if (filter === 'none') return rows.filter((row) => row.pair === null);
  const pairs = rows.filter((row) => row.pair !== null);
  return filter === 'decided' ? pairs.filter((row) => decided.has(row.key)) : pairs;
}
