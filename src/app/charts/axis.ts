import { scaleLinear } from 'd3-scale';
import { formatChange, formatNumber, formatShare } from '../../harness/format.ts';
import { formatValue } from '../../harness/report-text.ts';
import type { NumberFormat } from '../../harness/report.ts';
import { paddedExtent } from './linePath.ts';

export type Extent = readonly [low: number, high: number];

export interface Tick {
  at: number;
  label: string;
}

/** The values with a little air, but none beyond a bound that no value crosses: 0, and 1 for a share. */
export function fittedExtent(values: readonly number[], format: NumberFormat): Extent {
  const finite = values.filter(Number.isFinite);
  const [low, high] = paddedExtent(finite);
  const whole = format === 'share' && finite.every((value) => value <= 1);
  return [finite.every((value) => value >= 0) ? Math.max(0, low) : low, whole ? Math.min(1, high) : high];
}

/** For bars, whose length is read: from 0 to a round number, or on both sides of 0. */
export function extentFromZero(values: readonly number[], format: NumberFormat): Extent {
  const finite = values.filter(Number.isFinite);
  const least = Math.min(0, ...finite);
  const most = Math.max(0, ...finite);
  if (least === most) return [0, 1];
  const [low = least, high = most] = scaleLinear([least, most], [0, 1]).nice(5).domain();
  // Beside large numbers a tiny one is rounded away, and must be held all the same.
  const top = format === 'share' && most <= 1 ? Math.min(1, high) : high;
  return [Math.min(low, least), Math.max(top, most)];
}

/** About `count` round places on an axis, written no longer than their distance asks for. */
export function ticksOf([low, high]: Extent, count: number, format: NumberFormat): Tick[] {
  const whole = format === 'count' || format === 'rating';
  const places = scaleLinear([low, high], [0, 1])
    .ticks(count)
    .filter((at) => !whole || Number.isInteger(at));
  const step = places.length > 1 ? places[1]! - places[0]! : 1;
  return places.map((at) => ({ at, label: tickLabel(at, step, format) }));
}

/** Digits after the point that tell multiples of `step` apart; steps of an axis are 1, 2 or 5 times a power of ten. */
const digitsOf = (step: number) => Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));

function tickLabel(at: number, step: number, format: NumberFormat): string {
  switch (format) {
    case 'share':
      return formatShare(at, digitsOf(step * 100));
    case 'points':
      return at === 0 ? '0' : formatChange(at, 100, digitsOf(step * 100));
    case 'decimal2':
    case 'decimal3':
      return formatNumber(at, digitsOf(step));
    case 'count':
    case 'rating':
      return formatValue(at, format);
  }
}
