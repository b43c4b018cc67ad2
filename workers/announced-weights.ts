import type { WeightSource } from '../src/model/formats/weight-source.ts';
import type { Pulse } from './pulse.ts';

/** The same weights, each tensor announced before it is read: it is unfolded and put on the device in one go. */
export function announced(weights: WeightSource, pulse: Pulse): WeightSource {
  const begin = (name: string) => pulse.begin('weights', weights.entries.get(name)?.bytes ?? 0);
  return {
    ...weights,
    readRaw: (name) => (begin(name), weights.readRaw(name)),
    read: (name) => (begin(name), weights.read(name)),
  };
}

/** The same weights; tells after each tensor how many bytes of how many have been read. */
export function reported(
  weights: WeightSource,
  onProgress: (done: number, total: number) => unknown,
): WeightSource {
  const total = [...weights.entries.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const counted = async <T>(name: string, read: Promise<T>) => {
    const values = await read;
    done += weights.entries.get(name)?.bytes ?? 0;
    onProgress(done, total);
    return values;
  };
  return {
    ...weights,
    readRaw: (name) => counted(name, weights.readRaw(name)),
    read: (name) => counted(name, weights.read(name)),
  };
}
