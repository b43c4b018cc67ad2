import type { Item } from '../../../judge/item.ts';
import { scoreOf } from '../../../judge/verdict-number.ts';
import type { JudgmentRecord } from '../../../harness/judgment-store.ts';
import { nameInShort } from '../../../harness/shown-text.ts';

/** An item in a few words, for lists and grids. */
export function itemName(item: Item | undefined): string {
  if (!item) return 'an item that is no longer there';
  return `${nameInShort(item.instruction)} → ${nameInShort(item.response)}`;
}

/** One line of the grid, as ScoreGrid draws it. */
export interface ScoreRow {
  id: string;
  name: string;
  label: number | null;
  /** One per sample; null: unreadable, undefined: not sampled yet. */
  scores: readonly (number | null | undefined)[];
}

/** The grid of a round: each of its items with its samples' scores, those not drawn yet left open. */
export function scoreRows(
  itemIds: readonly string[],
  items: ReadonlyMap<string, Item>,
  judgments: ReadonlyMap<string, readonly JudgmentRecord[]>,
): ScoreRow[] {
  return itemIds.map((id) => {
    const scores: (number | null | undefined)[] = [];
    for (const judgment of judgments.get(id) ?? []) scores[judgment.sample] = scoreOf(judgment.verdict);
    return { id, name: itemName(items.get(id)), label: items.get(id)?.score ?? null, scores };
  });
}

/** What the samples say as a whole. */
export interface SampleSummary {
  judgments: number;
  right: number;
  unread: number;
  cut: number;
  /** Items on which its own samples gave different scores. */
  divided: number;
  items: number;
}

export function summarise(
  items: ReadonlyMap<string, Item>,
  judgments: ReadonlyMap<string, readonly JudgmentRecord[]>,
): SampleSummary {
  const summary = { judgments: 0, right: 0, unread: 0, cut: 0, divided: 0, items: judgments.size };
  for (const [id, own] of judgments) {
    const label = items.get(id)?.score;
    const scores = own.map((one) => scoreOf(one.verdict));
    summary.judgments += own.length;
    summary.right += scores.filter((score) => score !== null && score === label).length;
    summary.unread += scores.filter((score) => score === null).length;
    summary.cut += own.filter((one) => !one.finished).length;
    if (new Set(scores).size > 1) summary.divided += 1;
  }
  return summary;
}
