/** The sides of a cell that a staircase's line runs along. */
export interface StairEdges {
  left: boolean;
  top: boolean;
  /** Only in the last column, of a row where nothing is selected. */
  right: boolean;
}

/**
 * `first[row]` is the first selected column of the row; the number of columns selects none. Cells of a row are selected
 * from there to the end, so the line runs left of the first one, and between two rows where only one is selected.
 */
export function stairEdges(
  first: readonly number[],
  row: number,
  column: number,
  columns: number,
): StairEdges {
  const start = first[row] ?? columns;
  const above = row > 0 ? (first[row - 1] ?? columns) : start;
  return {
    left: column === start,
    top: column >= start !== column >= above,
    right: column === columns - 1 && start >= columns,
  };
}
