/** A stream of numbers in [0, 1). */
export type Random = () => number;

/**
 * A seeded stream of random numbers. Every argument names the stream: `random(seed, 'pairs', itemId)` does not
 * depend on what else was drawn before, which is what makes a resumed run equal to an unbroken one.
 * SplitMix (Steele, Lea, Flood 2014) reduced to 32 bits, with MurmurHash3's finaliser as the mixing step.
 */
export function random(...name: (string | number)[]): Random {
  let state = hash32(JSON.stringify(name));
  return () => {
    state = (state + 0x9e3779b9) | 0;
    return mix(state) / 2 ** 32;
  };
}

/** A stable 32-bit hash of a text (FNV-1a over UTF-16 code units, then mixed). Not cryptographic. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mix(hash);
}

function mix(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** A new array in random order (Fisher and Yates). */
export function shuffled<T>(values: readonly T[], next: Random): T[] {
  const result = [...values];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}
