import type { Cell, Table } from '../data/export/table.ts';
import type { Item } from '../judge/item.ts';
import type { Span, Verdict } from '../judge/judgment.ts';
import { scoreOf } from '../judge/verdict-number.ts';
import type { JudgmentRecord } from './judgment-store.ts';

const COLUMNS = [
  'id', 'item', 'instruction', 'response', 'criterion', 'label', 'sample', 'score', 'verdict', 'rationale', 'text',
  'finished', 'protocol', 'order', 'reference_shown', 'policy', 'temperature', 'top_p', 'top_k', 'max_tokens', 'seed',
  'round',
] as const; // prettier-ignore

/** Judgments with what they were about; a judgment whose item is gone keeps its id. */
export function judgmentsTable(
  judgments: readonly JudgmentRecord[],
  items: ReadonlyMap<string, Item>,
): Table {
  return { columns: COLUMNS, rows: judgments.map((one) => rowOf(one, items.get(one.itemId))) };
}

function rowOf(judgment: JudgmentRecord, item: Item | undefined): Cell[] {
  const { verdict, text, rationale, sampling } = judgment;
  return [
    judgment.id,
    judgment.itemId,
    item?.instruction ?? null,
    item?.response ?? null,
    item?.criterion ?? null,
    item?.score ?? null,
    judgment.sample,
    scoreOf(verdict),
    verdictInWords(verdict),
    part(text, rationale),
    text,
    judgment.finished,
    judgment.protocol,
    judgment.order.join(' '),
    judgment.usedReference,
    judgment.policy,
    sampling.temperature,
    sampling.topP,
    sampling.topK ?? 0,
    sampling.maxTokens,
    sampling.seed,
    sampling.round,
  ];
}

const part = (text: string, [start, end]: Span) => text.slice(start, end);

/** "score 4", "scores 4 2", "prefers 1", or why it could not be read. */
function verdictInWords(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'score':
      return `score ${verdict.score}`;
    case 'scores':
      return `scores ${verdict.scores.join(' ')}`;
    case 'preference':
      return `prefers ${verdict.preferred + 1}`;
    case 'answer':
      return verdict.response;
    case 'failure':
      return `unreadable: ${verdict.reason}`;
  }
}
