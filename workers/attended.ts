import { lossOf } from './loss-of.ts';
import type { Pulse } from './pulse.ts';
import type { Replica } from './replica.ts';

type Method = (...args: never[]) => unknown;

/** Calls that interrupt or only ask; they come while another one works. */
const BESIDE = ['tellLife', 'connect', 'describe', 'cancel', 'memory'] as const;
const TRAINING = new Set(['dpoStep', 'supervisedStep']);

/**
 * A replica whose calls end with the worker when the worker is lost: a call that fails for want of memory or of a device
 * has no answer, the page ends the worker and rejects all calls with the same loss.
 */
export function attended(replica: Replica, pulse: Pulse): Replica {
  const attend =
    (name: string, call: Method) =>
    async (...args: never[]): Promise<unknown> => {
      pulse.passes = TRAINING.has(name) ? 'training' : 'pass';
      try {
        return await call.apply(replica, args);
      } catch (error) {
        const loss = lossOf(error);
        if (loss === null) throw error;
        pulse.lost(error, loss);
        return await new Promise(() => undefined);
      } finally {
        pulse.rest();
      }
    };
  return new Proxy(replica, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function' || typeof name !== 'string') return value;
      const call = value as Method;
      return BESIDE.includes(name as (typeof BESIDE)[number]) ? call.bind(target) : attend(name, call);
    },
  });
}
