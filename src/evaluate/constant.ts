/** Are all values the same? A variance would say so only up to rounding. True of an empty list. */
export function isConstant(values: readonly number[]): boolean {
  return values.every((value) => value === values[0]);
}
