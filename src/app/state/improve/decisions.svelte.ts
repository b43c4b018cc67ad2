import type { Decision } from '../../../rationalize/pair.ts';
import type { RunStore } from '../../../rationalize/run-store.ts';
import { decisionAction } from '../../../store/decide.ts';
import type { RoundState } from './round.svelte.ts';
import { dataChanges } from '../project/data-changes.ts';
import { undoHistory } from '../project/undo.svelte.ts';

/**
 * Stores what a person says of a pair; saying the same thing twice takes it back. The page shows a decision only
 * after it is stored, also when it is undone.
 */
export async function decide(
  store: RunStore,
  round: RoundState,
  key: string,
  decision: Decision,
): Promise<void> {
  const { runId, number } = round;
  const next = round.decisions.get(key) === decision ? null : decision;
  const action = await decisionAction(store, { runId, round: number, key }, next);
  const show = async (): Promise<void> => {
    await round.loadDecisions(store);
    dataChanges.tell({ type: 'decisions', runId, round: number });
  };
  await undoHistory.do({
    title: action.title,
    redo: () => action.redo().then(show),
    undo: () => action.undo().then(show),
  });
}
