/** One supervised sequence; `weights[i]` is the loss weight of predicting ids[i] (0 for i = 0). */
export interface SupervisedExample {
  ids: Int32Array;
  weights: Float32Array;
}

/** Σ of an example's loss weights, for normalising over the batch of all workers. */
export function weightOf(examples: SupervisedExample[]): number {
  return examples.reduce((sum, { weights }) => sum + weights.reduce((a, b) => a + b, 0), 0);
}
