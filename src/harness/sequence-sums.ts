import type { Engine, PairExample, Sequence } from '../../workers/protocol.ts';

/**
 * log p of whole completions under the engine's current policy: the sums of their tokens' log-probabilities by the
 * training forward pass, so that as references they equal what DPO's first step computes.
 */
export async function sequenceSums(
  engine: Pick<Engine, 'sequenceLogprobs'>,
  sequences: Sequence[],
  signal?: AbortSignal,
): Promise<number[]> {
  return (await engine.sequenceLogprobs(sequences, signal)).map(sum);
}

/** Pairs with the log-probabilities of both sides under the engine's current policy as their reference. */
export async function withReferences(
  engine: Pick<Engine, 'sequenceLogprobs'>,
  pairs: readonly Pick<PairExample, 'prompt' | 'chosen' | 'rejected'>[],
): Promise<PairExample[]> {
  const sequences = pairs.flatMap(({ prompt, chosen, rejected }) => [
    { prompt, completion: chosen },
    { prompt, completion: rejected },
  ]);
  const sums = await sequenceSums(engine, sequences);
  return pairs.map((pair, i) => ({
    ...pair,
    referenceChosen: sums[2 * i]!,
    referenceRejected: sums[2 * i + 1]!,
  }));
}

function sum(values: Float32Array): number {
  return values.reduce((total, value) => total + value, 0);
}
