import type { Sampling } from '../model/sampling.ts';
import type { Asked } from '../judge/protocol.ts';

/** Everything that decides what a judge writes about a subject. */
export interface JudgedBy {
  /** Hash of the policy. */
  policy: string;
  protocol: string;
  backend: string;
  sampling: Sampling;
  asked?: Asked;
}

/**
 * Judgments are kept by what decides them, so that any two methods that ask the same question of the same judge share
 * its answers. Backends round differently, so each has judgments of its own.
 */
export function judgmentScope({ policy, protocol, backend, sampling, asked = {} }: JudgedBy): string {
  const { temperature, topP, topK = 0, maxTokens, seed, round } = sampling;
  const drawn = [temperature, topP, topK, maxTokens, seed, round].join(',');
  const put = `${asked.order?.join('') ?? ''}${asked.reference === false ? 'without-reference' : ''}`;
  return `judged/${policy}/${protocol}/${backend}/${drawn}/${put}`;
}

/** Greedy grades by a run's own protocol; the name that they have had since the first stored runs. */
export function greedyScope(policy: string, protocol: string, backend: string, maxTokens: number): string {
  return `greedy/${policy}/${protocol}/${backend}/${maxTokens}`;
}
