import { SCORES } from '../judge/item.ts';

/** Probabilities of the five scores from their log-probabilities, renormalised over the five. */
export function scoreProbabilities(logprobs: ArrayLike<number>): number[] {
  const greatest = Math.max(...Array.from(logprobs));
  const weights = Array.from(logprobs, (logprob) => Math.exp(logprob - greatest));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Σ k·p(k), between 1 and 5. */
export function expectedScore(probabilities: readonly number[]): number {
  return SCORES.reduce<number>((sum, score, i) => sum + score * probabilities[i]!, 0);
}
