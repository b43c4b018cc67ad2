/**
 * Lower edges of all bins but the first, so that about equally many of `values` fall into each of `bins` bins. Equal
 * values stay together: each goes where the middle of the ranks that it spans would go. So the result does not depend on
 * the order of the input, bins are uneven where values are tied, and fewer come out where one value fills several (a mean
 * of eight scores takes few values, and most are 5).
 *
 * @param values at least one, no NaN
 * @param bins 1 or more
 * @returns ascending, at most bins − 1
 */
export function quantileCuts(values: readonly number[], bins: number): number[] {
  if (values.length === 0 || values.some(Number.isNaN) || !(bins >= 1))
    throw new RangeError('Bins need at least one value, numbers only, and a number of bins of 1 or more.');
  const sorted = Float64Array.from(values).sort();
  const cuts: number[] = [];
  let lastBin: number | null = null;
  for (let start = 0, end = 0; start < sorted.length; start = end) {
    while (end < sorted.length && sorted[end] === sorted[start]) end += 1;
    const bin = Math.floor(((start + end) / 2 / sorted.length) * bins);
    if (lastBin !== null && bin > lastBin) cuts.push(sorted[start]!);
    lastBin = bin;
  }
  return cuts;
}

/** The bin that a value falls into, 0 to cuts.length: how many of the lower edges it reaches. */
export function binOf(value: number, cuts: readonly number[]): number {
  return cuts.reduce((bin, cut) => (value >= cut ? bin + 1 : bin), 0);
}
