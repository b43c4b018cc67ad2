import type { Extent } from './axis.ts';

/** A bar on a horizontal axis, in per cent of its length. */
export interface Span {
  left: number;
  width: number;
}

/** Where a value lies on the axis, in per cent of its length; what lies outside is drawn at the end. */
export function percentOf(value: number, [low, high]: Extent): number {
  return Math.min(100, Math.max(0, ((value - low) / (high - low)) * 100));
}

/** From one value to another, whichever is greater. */
export function spanOf(from: number, to: number, extent: Extent): Span {
  const [left, right] = [percentOf(Math.min(from, to), extent), percentOf(Math.max(from, to), extent)];
  return { left, width: right - left };
}

/** Bars laid end to end; an absent or negative value takes no room. */
export function stackedSpans(values: readonly (number | null)[], extent: Extent): Span[] {
  let end = 0;
  return values.map((value) => {
    const start = end;
    end += Math.max(0, value ?? 0);
    return spanOf(start, end, extent);
  });
}

/** The length of a stack. */
export const stackedTotal = (values: readonly (number | null)[]): number =>
  values.reduce<number>((sum, value) => sum + Math.max(0, value ?? 0), 0);
