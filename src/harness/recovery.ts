import { EngineLostError, type EngineLoss } from './engine-loss.ts';
import type { JobControl, Place } from './job.ts';

/** One loss of the engine, as the record of a run keeps it. */
export interface RecordedLoss extends Partial<Place> {
  /** Milliseconds since 1970. */
  when: number;
  loss: EngineLoss;
  /** What happened, in words. */
  what: string;
  /** Seconds of work since the run began, or since the loss before. */
  worked: number;
}

/** How often in a row a run goes on by itself after its engine was lost. */
export const MOST_RECOVERIES = 3;

/** Work that went well for this many seconds has outlived what happened before. */
const FORGIVEN_AFTER = 600;

/** Thrown when the engine is lost again and again. */
export class LostTooOftenError extends Error {
  override name = 'LostTooOftenError';
  constructor(readonly losses: readonly RecordedLoss[]) {
    super(
      `The engine was lost ${losses.length} times, the last time like this: ${losses.at(-1)?.what ?? ''} ` +
        'What was finished is stored. A smaller batch needs less memory; the CPU needs no graphics device.',
    );
  }
}

/** How many losses there were in a row, the last one included. */
export function lossesInARow(losses: readonly RecordedLoss[]): number {
  const first = losses.findLastIndex(({ worked }) => worked > FORGIVEN_AFTER);
  return losses.length - Math.max(0, first);
}

/** The losses of two lists, each once, the oldest first: what a record knows, and what happened since. */
export function mergedLosses(
  known: readonly RecordedLoss[] = [],
  more: readonly RecordedLoss[] = [],
): RecordedLoss[] {
  return [...new Map([...known, ...more].map((loss) => [loss.when, loss])).values()];
}

export interface Recovery {
  control: JobControl;
  /** Those that this job already had, also before a reload. */
  losses: readonly RecordedLoss[];
  /** Where the work is. */
  place: () => Place | null;
  /** Seconds of work so far. */
  worked: () => number;
  /** Told after each loss that is recovered from. */
  onLoss: (losses: readonly RecordedLoss[]) => void;
}

/**
 * Does the work, and does it again when its engine was lost: the store is the checkpoint, so going on is calling again.
 * An engine that the page itself ended, for Pause or for another model, is no loss.
 * @throws LostTooOftenError; what the work throws
 */
export async function recovering<T>(
  { control, losses, place, worked, onLoss }: Recovery,
  work: (losses: readonly RecordedLoss[]) => Promise<T>,
): Promise<T> {
  let known = losses;
  let before = worked();
  for (;;) {
    await control.ready();
    try {
      return await work(known);
    } catch (error) {
      if (!(error instanceof EngineLostError)) throw error;
      if (error.loss === 'ended') continue;
      known = [...known, { ...lossNow(error, known), worked: worked() - before, ...place() }];
      before = worked();
      onLoss(known);
      if (lossesInARow(known) > MOST_RECOVERIES) throw new LostTooOftenError(known);
    }
  }
}

/** Times name losses, so that no two are the same, whatever the clock does. */
function lossNow({ loss, message: what }: EngineLostError, known: readonly RecordedLoss[]) {
  return { when: Math.max(Date.now(), (known.at(-1)?.when ?? 0) + 1), loss, what };
}
