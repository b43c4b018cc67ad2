/**
 * What a lab shows, as data: the page draws these blocks and the terminal writes them as Markdown, so page, command,
 * results document and link cannot disagree. All shares are 0–1 and unrounded.
 */

/** How a number is written: a share as per cent, a change with its sign, or with so many digits. */
export type NumberFormat = 'share' | 'points' | 'count' | 'decimal2' | 'decimal3' | 'rating';

/** A value with its 95 % interval. */
export interface WithInterval {
  value: number | null;
  low?: number | null;
  high?: number | null;
}

/** A mark that can be looked behind names its exhibits (`LabOutcome.exhibits`). */
interface Mark {
  opens?: string;
}

export interface SentenceBlock {
  kind: 'sentence';
  text: string;
}

export interface TableBlock {
  kind: 'table';
  title: string;
  columns: readonly { title: string; format?: NumberFormat }[];
  /** Cells in the order of the columns; null is written "n/a". */
  rows: readonly (Mark & { cells: readonly (string | number | WithInterval | null)[]; emphasis?: boolean })[];
  note?: string;
}

/** A vertical or horizontal line that values are read against: chance, a bound, the truth. */
export interface ReferenceLine {
  label: string;
  at: number;
}

/** One row a value, with its interval, on a shared axis. */
export interface IntervalsBlock {
  kind: 'intervals';
  title: string;
  format: NumberFormat;
  rows: readonly (Mark & WithInterval & { label: string; emphasis?: boolean })[];
  lines?: readonly ReferenceLine[];
}

/** Curves over a shared horizontal axis. */
export interface CurveBlock {
  kind: 'curve';
  title: string;
  x: { title: string; format: NumberFormat };
  y: { title: string; format: NumberFormat; least?: number; most?: number };
  series: readonly {
    name: string;
    points: readonly (Mark & { x: number; y: number; low?: number; high?: number })[];
    /** For what is compared with: chance, the best possible. */
    faint?: boolean;
  }[];
  lines?: readonly ReferenceLine[];
}

/** Bars in groups, one bar a series, or stacked to a whole. */
export interface BarsBlock {
  kind: 'bars';
  title: string;
  format: NumberFormat;
  series: readonly string[];
  groups: readonly {
    label: string;
    bars: readonly (Mark & { value: number | null; low?: number; high?: number })[];
  }[];
  stacked?: boolean;
  lines?: readonly ReferenceLine[];
}

/** Points with names: agreement against rank correlation, say. */
export interface ScatterBlock {
  kind: 'scatter';
  title: string;
  x: { title: string; format: NumberFormat };
  y: { title: string; format: NumberFormat };
  points: readonly (Mark & { label: string; x: number; y: number; emphasis?: boolean })[];
}

/** A matrix of values, shaded; cells of a staircase are drawn within its line. */
export interface MatrixBlock {
  kind: 'matrix';
  title: string;
  rows: { title: string; labels: readonly string[] };
  columns: { title: string; labels: readonly string[] };
  format: NumberFormat;
  /** [row][column]; null is an empty cell. `detail` is read with the value: "of 40 items". */
  cells: readonly (readonly ((Mark & { value: number; detail?: string }) | null)[])[];
  /** First selected column of each row; columns.labels.length selects none. */
  staircases?: readonly { name: string; first: readonly number[] }[];
}

/** Ranks of the same things under several orders: a slope chart. */
export interface RanksBlock {
  kind: 'ranks';
  title: string;
  /** Orders, from left to right. */
  orders: readonly string[];
  /** Ranks of each thing in each order, from 1; halves where tied. */
  things: readonly (Mark & { label: string; ranks: readonly number[]; emphasis?: boolean })[];
}

/** Whole records one would rather read: shown under the picture, and behind marks. */
export interface Exhibit {
  title: string;
  /** Short facts: ["Label", "5"]. */
  facts: readonly (readonly [name: string, value: string])[];
  /** Texts, the reader's or a model's: shown as text only. */
  texts: readonly (readonly [name: string, text: string])[];
}

export interface ExhibitsBlock {
  kind: 'exhibits';
  title: string;
  exhibits: readonly Exhibit[];
}

export type Block =
  | SentenceBlock
  | TableBlock
  | IntervalsBlock
  | CurveBlock
  | BarsBlock
  | ScatterBlock
  | MatrixBlock
  | RanksBlock
  | ExhibitsBlock;

export type BlockKind = Block['kind'];
