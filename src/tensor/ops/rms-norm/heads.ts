/** Heads of a row, by number: [begin, end). */
export interface Heads {
  begin: number;
  end: number;
}
