import type { Flip } from '../../../evaluate/flips.ts';
import type { JudgmentRecord } from '../../../harness/judgment-store.ts';
import type { Item } from '../../../judge/item.ts';
import type { Run } from '../../../rationalize/records.ts';
import { greedyScope } from '../../../harness/scopes.ts';
import type { RoundResults } from '../../../rationalize/round-results.ts';
import type { RunStore } from '../../../rationalize/run-store.ts';
import { judgeEngine } from '../engine/engine.svelte.ts';

/** An item that one judge scores right and the other wrong, with both judgments as they were written. */
export interface ReadFlip extends Flip {
  item: Item;
  beforeText: string;
  afterText: string;
}

/** The greedy judgments of the seed judge and of the round's, as they were written, by item. */
export async function readBeforeAndAfter(
  store: RunStore,
  run: Run,
  results: RoundResults,
): Promise<Record<'before' | 'after', ReadonlyMap<string, JudgmentRecord>>> {
  const { engine } = await judgeEngine.ready();
  const judgments = async (policy: string) => {
    const scope = greedyScope(policy, run.protocol, engine.device.backend, run.settings.maxTokens);
    return new Map((await store.judgments(scope)).map((judgment) => [judgment.itemId, judgment]));
  };
  return { before: await judgments(run.seedPolicy), after: await judgments(results.policy) };
}

/** The round's flips against the seed judge, with their texts from the greedy judgments in the store. */
export async function readFlips(
  store: RunStore,
  run: Run,
  results: RoundResults,
  items: ReadonlyMap<string, Item>,
): Promise<ReadFlip[]> {
  const { before, after } = await readBeforeAndAfter(store, run, results);
  return results.flips.flatMap((flip) => {
    const item = items.get(flip.itemId);
    const [beforeText, afterText] = [before.get(flip.itemId)?.text, after.get(flip.itemId)?.text];
    const readable = item && beforeText !== undefined && afterText !== undefined;
    return readable ? [{ ...flip, item, beforeText, afterText }] : [];
  });
}
