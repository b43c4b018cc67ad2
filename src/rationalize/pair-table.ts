import type { Table } from '../data/export/table.ts';
import type { JudgmentRecord } from '../harness/judgment-store.ts';
import type { Item } from '../judge/item.ts';
import { scoreOf } from '../judge/verdict-number.ts';
import type { Decision, ItemPairs } from './pair.ts';
import { decidedPairs } from './pairs.ts';

const COLUMNS = [
  'key', 'item', 'instruction', 'response', 'criterion', 'label', 'strategy', 'decision', 'chosen_score', 'chosen',
  'rejected_score', 'rejected',
] as const; // prettier-ignore

/**
 * The pairs that are trained on, with their texts: those that a person dropped are left out, flipped ones stand the other
 * way round, and `decision` says so.
 */
export function pairsTable(
  pairs: readonly ItemPairs[],
  decisions: ReadonlyMap<string, Decision>,
  judgments: ReadonlyMap<string, JudgmentRecord>,
  items: ReadonlyMap<string, Item>,
): Table {
  const side = (id: string) => {
    const judgment = judgments.get(id);
    return [judgment ? scoreOf(judgment.verdict) : null, judgment?.text ?? null];
  };
  const rows = decidedPairs(pairs, decisions).map(({ key, itemId, strategy, chosen, rejected }) => {
    const item = items.get(itemId);
    return [
      key,
      itemId,
      item?.instruction ?? null,
      item?.response ?? null,
      item?.criterion ?? null,
      item?.score ?? null,
      strategy,
      decisions.get(key) ?? null,
      ...side(chosen),
      ...side(rejected),
    ];
  });
  return { columns: COLUMNS, rows };
}
