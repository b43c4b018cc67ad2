import type { Sampling } from './sampling.ts';

/** How one token is chosen from its logits. */
export interface TokenChoice {
  id: number;
  /** log p(id) under the untempered, untruncated distribution. */
  logprob: number;
}

/** What becomes of the logits before one is drawn; in the order of transformers' `generate`: temperature, top-k, top-p. */
export type Tempering = Pick<Sampling, 'temperature' | 'topP' | 'topK'>;

/**
 * Draws a token by inverting the cumulative distribution of softmax(logits / temperature), restricted to the `topK`
 * likeliest and of those to the smallest set of tokens with mass `topP` (Holtzman et al. 2020). Tokens as likely as the
 * last one of a set belong to it. Temperature 0 takes the largest logit.
 * @param logits one row of the vocabulary
 * @param noise uniform in [0, 1)
 */
export function sampleToken(logits: Float32Array, tempering: Tempering, noise: number): TokenChoice {
  const max = largest(logits);
  const id = tempering.temperature === 0 ? logits.indexOf(max) : drawTempered(logits, max, tempering, noise);
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

function drawTempered(logits: Float32Array, max: number, tempering: Tempering, noise: number): number {
  const { temperature } = tempering;
  const lowest = nucleusFloor(logits, max, tempering);
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

/** The smallest logit that may be drawn. */
function nucleusFloor(logits: Float32Array, max: number, { temperature, topP, topK = 0 }: Tempering): number {
  const k = topK === 0 ? logits.length : Math.min(topK, logits.length);
  if (topP === 1 && k === logits.length) return -Infinity;
  const sorted = logits.toSorted((a, b) => b - a);
  const kth = sorted[k - 1] as number;
  if (topP === 1) return kth;
  const likeliest = sorted.filter((x) => x >= kth);
  const target = topP * sumOfExp(likeliest, max, temperature);
  let mass = 0;
  for (const x of likeliest) {
    mass += Math.exp((x - max) / temperature);
    if (mass >= target) return x;
  }
  return kth;
}
