import type { EngineStatus } from '../state/engine/engine.svelte.ts';

/** What becomes of a lost engine. */
export const AFTER_LOSS: Partial<Record<EngineStatus, string>> = {
  lost: 'It is opened again in a moment.',
  reopening: 'It is being opened again.',
  ready: 'It was opened again.',
  working: 'It was opened again.',
};

export const STALLED =
  'A worker of the engine takes longer than it should. If it does not answer soon, it is ended and opened again.';
