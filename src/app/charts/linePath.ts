/** An SVG path through the points; NaN breaks the line. */
export function linePath(points: readonly (readonly [number, number])[]): string {
  let pen = 'M';
  let path = '';
  for (const [x, y] of points) {
    if (Number.isNaN(y)) {
      pen = 'M';
      continue;
    }
    path += `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = 'L';
  }
  return path;
}

/**
 * Lowest and highest of the values with a little air; a constant series gets a band around it, so that it
 * is drawn in the middle instead of dividing by zero.
 */
export function paddedExtent(values: Iterable<number>): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [0, 1];
  const span = high - low;
  const air = 0.06 * (span > 1e-12 ? span : Math.max(Math.abs(high), 1));
  return [low - air, high + air];
}
