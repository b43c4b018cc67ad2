/**
 * What the fused ops compute, in float64 and by their equations, a row or a token after the other. Matrices are rows of
 * plain numbers; sizes come as arguments. Slow, short, and independent of both TensorFlow.js and our kernels.
 */
export type Numbers = readonly number[];

const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const row = (x: Numbers, i: number, width: number) => x.slice(i * width, (i + 1) * width);
export const inner = (a: Numbers, b: Numbers): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

/** y = x · Wᵀ: x [rows, depth], w [width, depth] */
export function linear64(x: Numbers, w: Numbers, depth: number): number[] {
  const [rows, width] = [x.length / depth, w.length / depth];
  return range(rows).flatMap((i) => range(width).map((j) => inner(row(x, i, depth), row(w, j, depth))));
}

/** y = x / √(mean(x²) + ε) ∘ w */
export function rmsNorm64(x: Numbers, w: Numbers, epsilon: number): number[] {
  const width = w.length;
  return range(x.length / width).flatMap((i) => {
    const own = row(x, i, width);
    const scale = 1 / Math.sqrt(inner(own, own) / width + epsilon);
    return own.map((value, j) => value * scale * w[j]!);
  });
}

/** Elements j and j + d/2 of a head of d turn by the angle whose cos and sin the table holds: [positions][d/2][2]. */
export function rotary64(x: Numbers, positions: Numbers, table: Numbers, d: number): number[] {
  const half = d / 2;
  const width = x.length / positions.length;
  return x.map((value, at) => {
    const j = (at % width) % d;
    const turn = positions[Math.floor(at / width)]! * d + 2 * (j % half);
    const [cos, sin] = [table[turn]!, table[turn + 1]!];
    return j < half ? value * cos - x[at + half]! * sin : value * cos + x[at - half]! * sin;
  });
}

/**
 * silu(g) = g / (1 + e⁻ᵍ); gelu(g) = g/2 · (1 + tanh(√(2/π) · (g + 0.044715 g³))); times what stands beside: a row of x is
 * `width` gates, then as many factors.
 */
export function glu64(x: Numbers, width: number, activation: 'silu' | 'gelu'): number[] {
  const silu = (g: number) => g / (1 + Math.exp(-g));
  const gelu = (g: number) => (g / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (g + 0.044715 * g ** 3)));
  return range(x.length / (2 * width)).flatMap((i) => {
    const own = row(x, i, 2 * width);
    return row(own, 0, width).map((g, j) => (activation === 'silu' ? silu(g) : gelu(g)) * own[width + j]!);
  });
}

function softmax(scores: Numbers): number[] {
  const top = scores.reduce((max, x) => Math.max(max, x), -Infinity);
  const powers = scores.map((x) => Math.exp(x - top));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((x) => x / sum);
}

interface Heads {
  heads: number;
  kvHeads: number;
  headSize: number;
  scale: number;
}

/** Token i sees the tokens [start, end) and [own, i] of its span; qkv holds queries, then keys, then values. */
export function attention64(
  qkv: Numbers,
  spans: Numbers[],
  { heads, kvHeads, headSize, scale }: Heads,
): number[] {
  const width = (heads + 2 * kvHeads) * headSize;
  const head = (token: number, number: number) => row(row(qkv, token, width), number, headSize);
  return spans.flatMap(([start, end, own], i) => {
    const seen = range(i + 1).filter((t) => (t >= start! && t < end!) || t >= own!);
    return range(heads).flatMap((h) => {
      const kv = heads + Math.floor(h / (heads / kvHeads));
      const p = softmax(seen.map((t) => scale * inner(head(i, h), head(t, kv))));
      return range(headSize).map((j) =>
        inner(
          p,
          seen.map((t) => head(t, kv + kvHeads)[j]!),
        ),
      );
    });
  });
}

/** out[i] = table[rows[i]] */
export function takeRows64(table: Numbers, rows: Numbers, width: number): number[] {
  return rows.flatMap((i) => row(table, i, width));
}

/** log softmax(h · Wᵀ)[target] */
export function tokenLogprob64(hidden: Numbers, head: Numbers, targets: Numbers): number[] {
  const logits = linear64(hidden, head, hidden.length / targets.length);
  const vocabulary = logits.length / targets.length;
  return targets.map((target, i) => {
    const own = row(logits, i, vocabulary);
    const top = own.reduce((max, x) => Math.max(max, x), -Infinity);
    return own[target]! - top - Math.log(own.reduce((sum, x) => sum + Math.exp(x - top), 0));
  });
}
