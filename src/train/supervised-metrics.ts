import type { SupervisedExample } from './supervised-example.ts';

export interface SupervisedStepMetrics {
  /** Σ weight·nll / Σ weight over the batch. */
  loss: number;
  grad_norm: number;
  learning_rate: number;
  tokens: number;
  seconds: number;
}

/**
 * What a step reports.
 * @param shares each worker's share of the loss, normalised over the whole batch
 */
export function supervisedMetrics(
  batch: SupervisedExample[],
  shares: number[],
  step: Pick<SupervisedStepMetrics, 'grad_norm' | 'learning_rate' | 'seconds'>,
): SupervisedStepMetrics {
  return {
    loss: shares.reduce((sum, loss) => sum + loss, 0),
    ...step,
    tokens: batch.reduce((sum, { ids }) => sum + ids.length, 0),
  };
}
