/** The 97.5 % point of the normal distribution. */
const Z = 1.959964;

/**
 * 95 % interval of a share by Wilson's score method (Wilson 1927), for cases that are independent of each other. Unlike a
 * bootstrap it does not shrink to a point where none or all of few cases hold: 0 of 48 is [0, .074].
 * @returns null without cases
 */
export function wilsonInterval(holding: number, cases: number): { low: number; high: number } | null {
  if (cases === 0) return null;
  const share = holding / cases;
  const centre = share + Z ** 2 / (2 * cases);
  const reach = Z * Math.sqrt((share * (1 - share)) / cases + Z ** 2 / (4 * cases ** 2));
  const scale = 1 + Z ** 2 / cases;
  // Rounding would take the ends of 0 and of 1 past them in the last bit.
  return { low: Math.max(0, (centre - reach) / scale), high: Math.min(1, (centre + reach) / scale) };
}
