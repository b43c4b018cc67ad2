import { EngineLostError, type EngineLoss } from '../../../src/harness/engine-loss.ts';
import type { Engine } from '../../../workers/protocol.ts';

/**
 * Counts what is asked of engines, over all that a test opens; not how often the watched items are redrawn, which depends
 * on the clock.
 */
export interface Calls {
  made: number;
  /** At which calls, counted from 1, the engine that is asked is lost. A completed row counts, too. */
  losses: ReadonlySet<number>;
}

/** An engine that is lost in the middle of these calls; from then on it answers nothing but that. */
export function losingEngine(engine: Engine, calls: Calls, loss: EngineLoss = 'worker-crashed'): Engine {
  let lost = false;
  const count = () => {
    calls.made++;
    if (calls.losses.has(calls.made)) lost = true;
    if (lost) throw new EngineLostError(loss, `call ${calls.made}`);
  };
  const asynchronous = new Set(['usePolicy', 'sequenceLogprobs', 'startTraining', 'dpoStep', 'checkpointTraining', 'finishTraining']); // prettier-ignore
  return new Proxy(engine, {
    get(target, name: keyof Engine) {
      if (name === 'generate') {
        const generate: Engine['generate'] = async (tasks, sampling, onCompletion, options) => {
          count();
          const report = await target.generate(
            tasks,
            sampling,
            (row) => {
              count();
              onCompletion(row);
            },
            options,
          );
          return report;
        };
        return generate;
      }
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function' || !asynchronous.has(name)) return value;
      return async (...given: unknown[]): Promise<unknown> => {
        count();
        return (value as (...all: unknown[]) => Promise<unknown>).apply(target, given);
      };
    },
  });
}
