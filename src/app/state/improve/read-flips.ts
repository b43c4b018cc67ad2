import type { Flip } from '../../../evaluate/flips.ts';
import type { Item } from '../../../judge/item.ts';
import type { Run } from '../../../rationalize/records.ts';
import { greedyScope } from '../../../harness/scopes.ts';
import type { RoundResults } from '../../../rationalize/round-results.ts';
import type { RunStore } from '../../../rationalize/run-store.ts';
import { judgeEngine } from '../../state/engine/engine.svelte.ts';

/** An item that one judge scores right and the other wrong, with both judgments as they were written. */
export interface ReadFlip extends Flip {
  item: Item;
  beforeText: string;
  afterText: string;
}

/** The round's flips against the seed judge, with their texts from the greedy judgments in the store. */
export async function readFlips(
  store: RunStore,
  run: Run,
  results: RoundResults,
  items: ReadonlyMap<string, Item>,
): Promise<ReadFlip[]> {
  const { engine } = await judgeEngine.ready();
  const texts = async (policy: string) => {
    const scope = greedyScope(policy, run.protocol, engine.device.backend, run.settings.maxTokens);
    return new Map((await store.judgments(scope)).map(({ itemId, text }) => [itemId, text]));
  };
  const [before, after] = [await texts(run.seedPolicy), await texts(results.policy)];
  return results.flips.flatMap((flip) => {
    const [item, beforeText, afterText] = [
      items.get(flip.itemId),
      before.get(flip.itemId),
      after.get(flip.itemId),
    ];
    const readable = item && beforeText !== undefined && afterText !== undefined;
    return readable ? [{ ...flip, item, beforeText, afterText }] : [];
  });
}
