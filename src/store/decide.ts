import type { Decision } from '../rationalize/pair.ts';
import type { RunStore } from '../rationalize/run-store.ts';
import type { UndoableAction } from './undo.ts';

const TITLES: Record<Decision, string> = { accept: 'accept pair', drop: 'drop pair', flip: 'flip pair' };

/** A decision about a pair as something that can be taken back; `decision` null takes an earlier one back. */
export async function decisionAction(
  store: Pick<RunStore, 'decide' | 'decisions'>,
  place: { runId: string; round: number; key: string },
  decision: Decision | null,
): Promise<UndoableAction> {
  const { runId, round, key } = place;
  const earlier = (await store.decisions(runId, round)).get(key) ?? null;
  return {
    title: decision ? TITLES[decision] : 'take decision back',
    redo: () => store.decide(runId, round, key, decision),
    undo: () => store.decide(runId, round, key, earlier),
  };
}
