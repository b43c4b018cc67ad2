/**
 * Maps that the page replaces as a whole and never changes in place, so that plain Maps in `$state.raw` are enough:
 * a reactive map of thousands of judgments would make a signal of each.
 */
export function emptyMap<K, V>(): ReadonlyMap<K, V> {
  return new Map();
}

export function withEntries<K, V>(map: ReadonlyMap<K, V>, entries: readonly [K, V][]): ReadonlyMap<K, V> {
  return new Map([...map, ...entries]);
}
