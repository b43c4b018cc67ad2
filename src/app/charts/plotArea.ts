import type { NumberFormat } from '../../harness/report.ts';
import { ticksOf, type Extent, type Tick } from './axis.ts';
import { textWidth } from './textLayout.ts';

/** A picture with two axes: its height, and where inside it the points lie. In CSS pixels. */
export interface PlotArea {
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** About one tick for every four lines of text. */
export const TICKS_UP = 5;

/** What an axis shows. */
export interface Axis {
  title: string;
  format: NumberFormat;
  extent: Extent;
}

/** Ticks that fit beside each other on a horizontal axis of that length. */
export const ticksAcross = (length: number, em: number): number =>
  Math.max(2, Math.min(10, Math.floor(length / (5.5 * em))));

/** Room for the ticks' labels, the title of y above and that of x below; half as high as wide, within bounds. */
export function plotArea(width: number, em: number, x: Axis, y: Axis): PlotArea {
  const height = Math.round(Math.min(25 * em, Math.max(18 * em, width * 0.5)));
  const widest = (ticks: readonly Tick[]) => Math.max(0, ...ticks.map((tick) => textWidth(tick.label, em)));
  const left = Math.ceil(widest(ticksOf(y.extent, TICKS_UP, y.format)) + 0.7 * em);
  const across = widest(ticksOf(x.extent, ticksAcross(width - left, em), x.format));
  return {
    height,
    left,
    right: width - Math.ceil(Math.max(1.4 * em, across / 2)),
    top: Math.round(2.2 * em),
    bottom: height - Math.round(3.2 * em),
  };
}
