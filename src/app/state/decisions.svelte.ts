import type { Decision } from '../../rationalize/pairs.ts';
import type { RunStore } from '../../rationalize/run-store.ts';
import type { RoundState } from './round.svelte.ts';
import { undoHistory } from './undo.svelte.ts';

const IN_WORDS: Record<Decision, string> = { accept: 'Accepted', drop: 'Dropped', flip: 'Flipped' };

/**
 * Stores what a person says of a pair, and how to take it back. Saying the same thing twice takes it back, too.
 * The page shows a decision only after it is stored.
 */
export async function decide(
  store: RunStore,
  round: RoundState,
  pairKey: string,
  decision: Decision,
): Promise<void> {
  const before = round.decisions.get(pairKey) ?? null;
  const after = before === decision ? null : decision;
  await put(store, round, pairKey, after);
  undoHistory.add({
    label: after ? `${IN_WORDS[after]} a pair.` : 'Took a decision back.',
    undo: () => put(store, round, pairKey, before),
  });
}

async function put(store: RunStore, round: RoundState, key: string, decision: Decision | null): Promise<void> {
  await store.decide(round.runId, round.number, key, decision);
  const decisions = new Map(round.decisions);
  if (decision) decisions.set(key, decision);
  else decisions.delete(key);
  round.decisions = decisions;
}
