/**
 * Rank of each value, in its place: 1 for the highest; equal values share the mean of the ranks that they span, so that
 * halves are possible.
 * @throws RangeError for a value that is no number
 */
export function ranksFromHighest(values: readonly number[]): number[] {
  if (values.some(Number.isNaN)) throw new RangeError('A value that is no number has no rank.');
  return values.map((value) => {
    const above = values.filter((other) => other > value).length;
    const equal = values.filter((other) => other === value).length;
    return above + (equal + 1) / 2;
  });
}
