/** How one token is chosen from its logits. */
export interface TokenChoice {
  id: number;
  /** log p(id) under the untempered, untruncated distribution. */
  logprob: number;
}

/**
 * Draws a token by inverting the cumulative distribution of softmax(logits / temperature), restricted to the smallest
 * set of tokens with mass `topP` (Holtzman et al. 2020) where topP < 1. Temperature 0 takes the largest logit.
 * @param logits one row of the vocabulary
 * @param noise uniform in [0, 1)
 */
export function sampleToken(
  logits: Float32Array,
  temperature: number,
  topP: number,
  noise: number,
): TokenChoice {
  const max = largest(logits);
  const id = temperature === 0 ? logits.indexOf(max) : drawTempered(logits, max, temperature, topP, noise);
  return { id, logprob: (logits[id] as number) - max - Math.log(sumOfExp(logits, max, 1)) };
}

function largest(logits: Float32Array): number {
  let max = -Infinity;
  for (const x of logits) if (x > max) max = x;
  return max;
}

function sumOfExp(logits: Float32Array, max: number, temperature: number): number {
  let sum = 0;
  for (const x of logits) sum += Math.exp((x - max) / temperature);
  return sum;
}

function drawTempered(
  logits: Float32Array,
  max: number,
  temperature: number,
  topP: number,
  noise: number,
): number {
  const lowest = topP < 1 ? nucleusFloor(logits, max, temperature, topP) : -Infinity;
  let total = 0;
  for (const x of logits) if (x >= lowest) total += Math.exp((x - max) / temperature);
  let rest = noise * total;
  let last = 0;
  for (let id = 0; id < logits.length; id++) {
    const x = logits[id] as number;
    if (x < lowest) continue;
    last = id;
    rest -= Math.exp((x - max) / temperature);
    if (rest < 0) break;
  }
  return last;
}

/** The smallest logit inside the nucleus. */
function nucleusFloor(logits: Float32Array, max: number, temperature: number, topP: number): number {
  const target = topP * sumOfExp(logits, max, temperature);
  let mass = 0;
  for (const x of logits.toSorted((a, b) => b - a)) {
    mass += Math.exp((x - max) / temperature);
    if (mass >= target) return x;
  }
  return -Infinity;
}
