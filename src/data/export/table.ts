/** null, and numbers that are none (NaN, ±∞), are empty cells. */
export type Cell = string | number | boolean | null;

/** Rows under named columns, as a file of their own; each name stands once. */
export interface Table {
  columns: readonly string[];
  /** Cells in the order of the columns. */
  rows: readonly (readonly Cell[])[];
}

/** Names that stand once: "accuracy", "accuracy (2)". */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let distinct = name;
    for (let count = 2; taken.has(distinct); count++) distinct = `${name} (${count})`;
    taken.add(distinct);
    return distinct;
  });
}
