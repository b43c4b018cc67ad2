import { SERIES_COLOURS } from './series.ts';

/** How one of several series is told from the others: by colour, and without it by dash, shape and hatching. */
export interface SeriesLook {
  colour: string;
  dash: string | undefined;
  /** SVG path of its points around (0, 0). */
  shape: string;
  /** CSS background of its bars. */
  fill: string;
}

const SHAPES = [
  'M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0Z',
  'M-4 -4H4V4H-4Z',
  'M0 -5.5L5 4H-5Z',
  'M0 -5.5L5.5 0L0 5.5L-5.5 0Z',
] as const;

/** Shape of what is emphasised among points of one kind: a diamond, larger than the others. */
export const EMPHASIS_SHAPE = 'M0 -7.5L7.5 0L0 7.5L-7.5 0Z';
export const POINT_SHAPE = SHAPES[0];

const HATCHES = [
  (colour: string) => colour,
  (colour: string) => stripes(colour, '45deg', 4, 8),
  (colour: string) => stripes(colour, '90deg', 2, 6),
  (colour: string) => stripes(colour, '-45deg', 2, 9),
] as const;

const stripes = (colour: string, angle: string, width: number, period: number) =>
  `repeating-linear-gradient(${angle}, ${colour} 0 ${width}px, ` +
  `color-mix(in srgb, ${colour} 30%, var(--surface)) ${width}px ${period}px)`;

/** Dashes of reference lines, in their order. The tracks of bars draw the same in CSS. */
export const REFERENCE_DASHES = ['6 4', '2 3', undefined] as const;
export const referenceDash = (index: number) => REFERENCE_DASHES[index % REFERENCE_DASHES.length];

/** Sixteen looks before one comes again: four colours, and from the fifth on with another dash, shape and hatching. */
export function seriesLook(index: number): SeriesLook {
  const { colour } = SERIES_COLOURS[index % 4]!;
  const other = (index + Math.floor(index / 4)) % 4;
  return { colour, dash: SERIES_COLOURS[other]?.dash, shape: SHAPES[other]!, fill: HATCHES[other]!(colour) };
}

/** What is only compared with. */
export function faintLook(index: number): SeriesLook {
  return { ...seriesLook(index), colour: 'var(--ink-faint)', dash: index % 2 === 0 ? '2 4' : '7 3 2 3' };
}
