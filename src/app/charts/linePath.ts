/** An SVG path through the points; what is no finite number breaks the line: scales make undefined of NaN. */
export function linePath(points: readonly (readonly [number, number])[]): string {
  let pen = 'M';
  let path = '';
  for (const [x, y] of points) {
    if (!Number.isFinite(y)) {
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

/** A closed SVG path between the lower and upper ends at each x; a gap parts it, as it does a line. */
export function bandPath(points: readonly { x: number; low: number; high: number }[]): string {
  const parts: (typeof points)[number][][] = [[]];
  for (const point of points) {
    if (Number.isFinite(point.low) && Number.isFinite(point.high)) parts.at(-1)!.push(point);
    else parts.push([]);
  }
  return parts
    .filter((part) => part.length > 1)
    .map((part) => {
      const there = part.map(({ x, high }) => [x, high] as const);
      const back = part.map(({ x, low }) => [x, low] as const).reverse();
      return linePath([...there, ...back]) + 'Z';
    })
    .join('');
}
