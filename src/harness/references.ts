import type { PairExample } from '../train/pair-example.ts';
import type { Item } from '../judge/item.ts';
import { promptIds } from '../judge/tokenizer.ts';
import { chunks } from './batches.ts';
import type { Meter } from './meter.ts';
import { sequenceSums } from './sequence-sums.ts';
import type { Workbench } from './workbench.ts';

/** Sequences per call: long enough to keep the engine busy, short enough that Pause acts within seconds. */
const SEQUENCES = 32;

/** For this item the judge should rather write `chosen` than `rejected` (judgment ids). */
export interface PreferredJudgment {
  itemId: string;
  chosen: string;
  rejected: string;
}

/**
 * Makes training examples of pairs: prompt ids, the judgments' ids exactly as they were sampled (re-tokenised
 * text would have other log-probabilities), and the reference policy's log-probabilities, which are computed
 * once per judgment by the training forward pass and kept with that policy's hash.
 */
export async function pairExamples(
  bench: Workbench,
  pairs: readonly PreferredJudgment[],
  items: ReadonlyMap<string, Item>,
  reference: string,
  meter?: Meter,
): Promise<PairExample[]> {
  const judgmentIds = [...new Set(pairs.flatMap((pair) => [pair.chosen, pair.rejected]))];
  const itemOf = new Map(pairs.flatMap((pair) => [[pair.chosen, pair.itemId], [pair.rejected, pair.itemId]])); // prettier-ignore
  const prompts = new Map<string, Int32Array>();
  const promptOf = (itemId: string) => {
    const known = prompts.get(itemId) ?? promptIds(bench.tokenizer, bench.protocol, items.get(itemId)!);
    prompts.set(itemId, known);
    return known;
  };
  const tokens = await bench.store.tokens(judgmentIds);
  const completions = new Map(judgmentIds.map((id, i) => [id, tokens[i]!.ids]));
  const sequenceOf = (id: string) => ({
    prompt: promptOf(itemOf.get(id)!),
    completion: completions.get(id)!,
  });
  await fillReferences(bench, judgmentIds, reference, sequenceOf, meter);
  const sums = await bench.store.references(referenceKey(bench, reference), judgmentIds);
  return pairs.map((pair) => ({
    prompt: promptOf(pair.itemId),
    chosen: completions.get(pair.chosen)!,
    rejected: completions.get(pair.rejected)!,
    referenceChosen: sums.get(pair.chosen)!,
    referenceRejected: sums.get(pair.rejected)!,
  }));
}

/** Backends round differently: a run that goes on elsewhere has its references measured there. */
function referenceKey({ engine }: Pick<Workbench, 'engine'>, policy: string): string {
  return `${policy}/${engine.device.backend}`;
}

async function fillReferences(
  { store, engine, control, policy }: Workbench,
  judgmentIds: readonly string[],
  reference: string,
  sequenceOf: (judgmentId: string) => { prompt: Int32Array; completion: Int32Array },
  meter?: Meter,
): Promise<void> {
  const key = referenceKey({ engine }, reference);
  const known = await store.references(key, judgmentIds);
  // Sequences of like length share a batch, so that little of it is padding.
  const length = (id: string) => sequenceOf(id).prompt.length + sequenceOf(id).completion.length;
  const missing = judgmentIds.filter((id) => !known.has(id)).sort((a, b) => length(a) - length(b));
  for (const ids of chunks(missing, SEQUENCES)) {
    const measure = async (signal: AbortSignal) => {
      await policy.use(reference);
      const sums = await sequenceSums(engine, ids.map(sequenceOf), signal);
      await store.putReferences(key, new Map(ids.map((id, i) => [id, sums[i]!])));
    };
    let done = false;
    while (!done) {
      await control.ready();
      meter?.start();
      done = await control.interruptible(measure);
      meter?.stop();
    }
  }
}
