/** One record of a file with the line that it begins on. */
export interface Row {
  line: number;
  values: Readonly<Record<string, unknown>>;
}

/** Is this a record with named fields? */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
