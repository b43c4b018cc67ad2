/** IEEE 754 half precision: 1 sign, 5 exponent, 10 fraction bits. */
export function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

let table: Float32Array | null = null;

/** All 65,536 halves as floats (256 kB), made when first needed: looking one up is faster than computing it. */
export function halfTable(): Float32Array {
  table ??= Float32Array.from({ length: 65_536 }, (_, half) => halfToFloat(half));
  return table;
}

const floatBits = new Float32Array(1);
const intBits = new Uint32Array(floatBits.buffer);

/** Rounds to the nearest half, ties to even; beyond ±65,504 gives infinity. */
export function floatToHalf(value: number): number {
  floatBits[0] = value;
  const bits = intBits[0] as number;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = Math.abs(value);
  if (!(magnitude < 65520)) return sign | (Number.isNaN(value) ? 0x7e00 : 0x7c00);
  if (magnitude < 2 ** -14) return sign | roundToEven(magnitude * 2 ** 24);
  const exponent = ((bits >>> 23) & 0xff) - 112;
  return sign | ((exponent << 10) + roundToEven((bits & 0x7fffff) / 8192));
}

function roundToEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
