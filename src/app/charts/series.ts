/** A named curve; one value per step. */
export interface Series {
  name: string;
  values: ArrayLike<number> & Iterable<number>;
}

/** In the order of the series. Dashes tell them apart without colour. */
export const SERIES_COLOURS = [
  { colour: 'var(--accent)', dash: undefined },
  { colour: 'var(--high)', dash: '6 3' },
  { colour: 'var(--right)', dash: '2 3' },
  { colour: 'var(--low)', dash: '9 3 2 3' },
] as const;
