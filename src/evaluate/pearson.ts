import { sampleCorrelation } from 'simple-statistics';

/** Pearson's r of two lists of real numbers, of at least two values each; null where one of them is all the same. */
export function correlation(x: readonly number[], y: readonly number[]): number | null {
  const constant = (values: readonly number[]) => values.every((value) => value === values[0]);
  return constant(x) || constant(y) ? null : sampleCorrelation([...x], [...y]);
}
