/** Which point of which curve is being read. */
export interface Reading {
  series: number;
  index: number;
}

interface Curve {
  points: readonly { x: number; y: number }[];
}

/** The point whose x is nearest; the first of those equally near; −1 of none. */
export function nearestIndex(points: readonly { x: number }[], x: number): number {
  let nearest = -1;
  let least = Infinity;
  points.forEach((point, index) => {
    const distance = Math.abs(point.x - x);
    if (distance < least) [nearest, least] = [index, distance];
  });
  return nearest;
}

/** The point nearest to a place in the picture, by distance on the screen. */
export function nearestReading(
  curves: readonly Curve[],
  place: { x: number; y: number },
  toScreen: (point: { x: number; y: number }) => { x: number; y: number },
): Reading | null {
  let nearest: Reading | null = null;
  let least = Infinity;
  curves.forEach(({ points }, series) =>
    points.forEach((point, index) => {
      const at = toScreen(point);
      const distance = Math.hypot(at.x - place.x, at.y - place.y);
      if (distance < least) [nearest, least] = [{ series, index }, distance];
    }),
  );
  return nearest;
}

/** Left and right go along the curve, up and down to the next curve at the same x; null for any other key. */
export function movedReading(
  curves: readonly Curve[],
  { series, index }: Reading,
  key: string,
): Reading | null {
  const last = (curves[series]?.points.length ?? 1) - 1;
  switch (key) {
    case 'ArrowRight':
      return { series, index: Math.min(last, index + 1) };
    case 'ArrowLeft':
      return { series, index: Math.max(0, index - 1) };
    case 'Home':
      return { series, index: 0 };
    case 'End':
      return { series, index: last };
    case 'ArrowDown':
      return beside(curves, { series, index }, 1);
    case 'ArrowUp':
      return beside(curves, { series, index }, -1);
    default:
      return null;
  }
}

/** The next curve that has points, going round; the same where there is no other. */
function beside(curves: readonly Curve[], { series, index }: Reading, step: 1 | -1): Reading {
  const x = curves[series]?.points[index]?.x ?? 0;
  for (let away = 1; away < curves.length; away++) {
    const next = (series + step * away + curves.length) % curves.length;
    const nearest = nearestIndex(curves[next]?.points ?? [], x);
    if (nearest >= 0) return { series: next, index: nearest };
  }
  return { series, index };
}
