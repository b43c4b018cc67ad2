/** A measurement as tables show it: three digits, thousands whole; – where there is none. */
export function figure(value: number | null): string {
  if (value === null) return '–';
  return value >= 1000 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3);
}
