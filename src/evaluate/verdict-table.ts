import type { NameColumn, ValueColumn, VerdictRow } from '../judge/verdict-table.ts';

/** The rows of each judge, taker, group …, in order of appearance; the key null has the rows that name none. */
export function rowsBy(rows: readonly VerdictRow[], column: NameColumn): Map<string | null, VerdictRow[]> {
  const groups = new Map<string | null, VerdictRow[]>();
  for (const row of rows) {
    const known = groups.get(row[column]);
    if (known) known.push(row);
    else groups.set(row[column], [row]);
  }
  return groups;
}

/**
 * A verdict or label that must be 1 (right) or 0 (wrong); null where there is none.
 * @throws RangeError in words for anything else: left out silently, it would bend every share
 */
export function binaryValue(row: VerdictRow, column: ValueColumn): 0 | 1 | null {
  const value = row[column];
  if (value === null || value === 0 || value === 1) return value;
  throw new RangeError(
    `The ${column} of item "${row.item}" is ${value}, but this analysis needs 1 (right) or 0 (wrong): ` +
      'turn scores into 1 and 0 first, by a threshold for instance.',
  );
}

/**
 * A verdict or label that must be a number; null where there is none.
 * @throws RangeError in words for first, second or tie
 */
export function numericValue(row: VerdictRow, column: ValueColumn): number | null {
  const value = row[column];
  if (value === null || typeof value === 'number') return value;
  throw new RangeError(`The ${column} of item "${row.item}" is "${value}", but this analysis needs numbers.`);
}
