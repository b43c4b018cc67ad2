import { random, shuffled } from '../judge/random.ts';

/**
 * The training order: each epoch a new shuffle by seed, cut into batches. Every pair is used in every epoch;
 * an epoch's last batch may be smaller.
 */
export function batches<T>(
  pairs: readonly T[],
  { seed, epochs, batchSize }: { seed: number; epochs: number; batchSize: number },
  round: number,
): T[][] {
  return Array.from({ length: epochs }, (_, epoch) =>
    chunks(shuffled(pairs, random(seed, 'order', round, epoch)), batchSize),
  ).flat();
}

export function chunks<T>(values: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, i) =>
    values.slice(i * size, (i + 1) * size),
  );
}
