import type { Bench } from './bench.ts';

/** One side of a comparison: our engine, or a peer. */
export interface Contender {
  /** Version, options and threads, as the table tells them. */
  given: string;
  /** One measurement: a rate per second, or a cost. */
  measure(): Promise<number>;
  close(): Promise<void>;
  /** It has worked already: no need to warm it up. */
  warm?: true;
}

export type OpenContender = (bench: Bench) => Promise<Contender>;

/** What this machine does not have, so that a row stays empty; the message says why. */
export class Unavailable extends Error {
  override name = 'Unavailable';
}

/** What a page or a Python process tells of one measurement. */
export interface Measured {
  tokens: number;
  seconds: number;
}

export const perSecond = ({ tokens, seconds }: Measured): number => tokens / seconds;
