import type { RunSettings } from './settings.ts';

/**
 * Learning rate of step `step` (from 0) of `steps`: linear warm-up that reaches the peak at its last step, then
 * constant, a half cosine to 0, or a straight line to 0.
 */
export function learningRateAt(
  { learningRate, warmupSteps, schedule }: Pick<RunSettings, 'learningRate' | 'warmupSteps' | 'schedule'>,
  step: number,
  steps: number,
): number {
  if (step < warmupSteps) return (learningRate * (step + 1)) / warmupSteps;
  const progress = (step - warmupSteps) / Math.max(1, steps - warmupSteps);
  if (schedule === 'cosine') return (learningRate * (1 + Math.cos(Math.PI * progress))) / 2;
  if (schedule === 'linear') return learningRate * (1 - progress);
  return learningRate;
}
