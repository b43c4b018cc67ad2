import type { EngineLoss } from '../src/harness/engine-loss.ts';

/** What a worker tells the page of its life, on a port of its own. */
export type LifeSign =
  /** Every `BEAT_MS` while its event loop turns. */
  | { kind: 'beat' }
  /** Work that cannot be interrupted begins, and takes about as long. It lasts until the next sign that is no beat. */
  | { kind: 'stretch'; expectedMs: number }
  /** No such work is under way: beats are to be heard. */
  | { kind: 'rest' }
  | { kind: 'lost'; loss: EngineLoss; detail: string };

export const BEAT_MS = 1000;

/** How long a worker may be silent. Tests have less of it. */
export interface Patience {
  /** Silent is who is not heard for so many times the time announced, … */
  times: number;
  /** … and at least as long. */
  leastMs: number;
  /** Late is who takes longer than announced by as much. */
  lateMs: number;
  /** For a worker's script to arrive and start, which nobody announces. */
  startMs: number;
}

export const PATIENCE: Patience = { times: 3, leastMs: 10_000, lateMs: 5000, startMs: 30_000 };
