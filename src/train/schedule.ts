/**
 * Learning rate with a linear warm-up, then a cosine to `floor` × peak (Loshchilov & Hutter 2017).
 * @param step from 0
 */
export function warmupCosine(
  step: number,
  { peak, warmup, steps, floor }: { peak: number; warmup: number; steps: number; floor: number },
): number {
  if (step < warmup) return (peak * (step + 1)) / warmup;
  const progress = Math.min(1, (step - warmup) / Math.max(1, steps - warmup));
  return peak * (floor + ((1 - floor) * (1 + Math.cos(Math.PI * progress))) / 2);
}
