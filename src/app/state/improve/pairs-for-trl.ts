import { preferencesToJsonLines } from '../../../data/export/preferences.ts';
import type { Item } from '../../../judge/item.ts';
import { preferenceTexts } from '../../../rationalize/preference-texts.ts';
import type { RunStore } from '../../../rationalize/run-store.ts';
import { judgeEngine } from '../engine/engine.svelte.ts';

/** Thrown when another judge is open than the one whose prompts are asked for. */
export class OtherPromptsError extends Error {
  override name = 'OtherPromptsError';
  constructor() {
    super(
      'These pairs were written by another judge than the one that is open, and prompts differ from judge to judge. ' +
        'Open the judge that the run began with, and save again.',
    );
  }
}

/** A round's pairs as TRL's DPOTrainer reads them. The judge is opened where it is not: it knows how it was asked. */
export async function pairsForTrl(
  store: RunStore,
  round: { runId: string; number: number },
  items: ReadonlyMap<string, Item>,
): Promise<Blob> {
  const judge = await judgeEngine.ready();
  const run = await store.run(round.runId);
  if (run && (run.protocol !== judge.protocol.id || run.seedPolicy !== judge.engine.model.hash))
    throw new OtherPromptsError();
  const pairs = await preferenceTexts(judge, store, round, items);
  return new Blob([preferencesToJsonLines(pairs)], { type: 'application/jsonl' });
}
