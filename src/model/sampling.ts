/** How tokens are drawn. Temperature 0 is greedy. Noise depends on (seed, round, item, sample, position) alone. */
export interface Sampling {
  temperature: number;
  /** The likeliest tokens that hold this mass; 1: all. */
  topP: number;
  /** The k likeliest tokens; none or 0: all. Where both are given, top-p's mass is that of the k. */
  topK?: number;
  maxTokens: number;
  seed: number;
  round: number;
}
