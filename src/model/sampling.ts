/** How tokens are drawn. Temperature 0 is greedy. Noise depends on (seed, round, item, sample, position) alone. */
export interface Sampling {
  temperature: number;
  topP: number;
  maxTokens: number;
  seed: number;
  round: number;
}
