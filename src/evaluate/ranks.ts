/** Ranks from the highest value, 1 first; tied values share the mean of the ranks they span. */
export function ranksFromHighest(values: readonly number[]): number[] {
  return values.map((value) => {
    const above = values.filter((other) => other > value).length;
    const tied = values.filter((other) => other === value).length;
    return above + (tied + 1) / 2;
  });
}
