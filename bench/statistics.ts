/** @throws RangeError without numbers */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('There is no median of no numbers.');
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** (largest − smallest) / median: 0.1 says that the measurements lie within a tenth of each other. */
export function spread(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / median(values);
}
