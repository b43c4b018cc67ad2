/** A learning rate over the steps of a training: a linear warm-up to its peak, then one of three courses. */
export interface Schedule {
  /** At its peak. */
  learningRate: number;
  warmupSteps: number;
  schedule: 'constant' | 'cosine' | 'linear';
  /** Share of the peak that a cosine ends at. Default: 0. */
  floor?: number;
}

/**
 * Learning rate of step `step` (from 0) of `steps`: linear warm-up that reaches the peak at its last step, then
 * constant, a half cosine to `floor` × peak (Loshchilov & Hutter 2017), or a straight line to 0.
 */
export function learningRateAt(
  { learningRate, warmupSteps, schedule, floor = 0 }: Schedule,
  step: number,
  steps: number,
): number {
  if (step < warmupSteps) return (learningRate * (step + 1)) / warmupSteps;
  const progress = Math.min(1, (step - warmupSteps) / Math.max(1, steps - warmupSteps));
  if (schedule === 'cosine')
    return learningRate * (floor + ((1 - floor) * (1 + Math.cos(Math.PI * progress))) / 2);
  if (schedule === 'linear') return learningRate * (1 - progress);
  return learningRate;
}
