import type { PreferenceText } from '../data/export/preferences.ts';
import { MissingRecordError, type JudgmentRecord } from '../harness/judgment-store.ts';
import type { Workbench } from '../harness/workbench.ts';
import type { Item } from '../judge/item.ts';
import { promptText } from '../judge/tokenizer.ts';
import { decidedPairs } from './pairs.ts';
import { sampleScope } from './records.ts';
import type { RunStore } from './run-store.ts';

/** What is needed of an open judge to say what it was asked. */
type Asking = Pick<Workbench, 'tokenizer' | 'protocol'>;

/**
 * The pairs of a round that are trained on, as the texts that the trainer sees: dropped pairs are left out, flipped ones
 * stand the other way round.
 * @throws MissingRecordError when an item or a judgment of a pair is gone
 */
export async function preferenceTexts(
  judge: Asking,
  store: RunStore,
  { runId, number }: { runId: string; number: number },
  items: ReadonlyMap<string, Item>,
): Promise<PreferenceText[]> {
  const pairs = decidedPairs(await store.pairs(runId, number), await store.decisions(runId, number));
  const judgments = new Map((await store.judgments(sampleScope(runId, number))).map((one) => [one.id, one]));
  const used = [...new Set(pairs.flatMap(({ chosen, rejected }) => [chosen, rejected]))].map((id) =>
    found(judgments.get(id), `The judgment ${id}`),
  );
  const completions = await completionTexts(judge, store, used);
  return pairs.map(({ itemId, chosen, rejected }) => ({
    prompt: promptText(judge.tokenizer, judge.protocol, found(items.get(itemId), `The item ${itemId}`)),
    chosen: completions.get(chosen)!,
    rejected: completions.get(rejected)!,
  }));
}

/** Training stops at the token that completes the protocol's own end, so the text goes up to there (`own-part.ts`). */
async function completionTexts(
  { tokenizer, protocol: { ownEnd } }: Asking,
  store: RunStore,
  judgments: readonly JudgmentRecord[],
): Promise<Map<string, string>> {
  if (ownEnd === undefined) return new Map(judgments.map(({ id, text }) => [id, text]));
  const tokens = await store.tokens(judgments.map(({ id }) => id));
  return new Map(
    judgments.map(({ id, text }, i) => {
      const whole = tokenizer.decode(tokens[i]!.ids);
      return [id, whole.includes(ownEnd) ? whole : text];
    }),
  );
}

function found<T>(record: T | undefined, what: string): T {
  if (record === undefined) throw new MissingRecordError(what);
  return record;
}
