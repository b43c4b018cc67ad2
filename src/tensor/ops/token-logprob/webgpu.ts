import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { weightOf, type Weight, type WeightAttributes } from '../../weight.ts';
import { linear, linearInputGradient, linearWeightGradient } from '../linear/op.ts';
import { dispatchFlat, dispatchRows } from '../../webgpu/program.ts';
import { rowsPerChunk } from './chunks.ts';
import { registerTokenLogprobGradient } from './gradient.ts';

interface Inputs {
  hidden: Tensor2D;
  head: Tensor2D;
  targets: Tensor1D;
  lse: Tensor1D;
  dy: Tensor1D;
}

type Cut = <T extends Tensor>(x: T) => T;

/** For each chunk of rows, a function that cuts these rows out of a tensor. */
function cuts(rows: number, vocabulary: number): Cut[] {
  const size = rowsPerChunk(vocabulary);
  return Array.from({ length: Math.ceil(rows / size) }, (_, i) => (x) => {
    const rest = x.shape.slice(1);
    return tf.slice(x, [i * size, ...rest.map(() => 0)], [Math.min(size, rows - i * size), ...rest]);
  });
}

/** The results of all chunks, one behind the other along an axis. */
function joined(pieces: Tensor[], axis = 0): Tensor {
  if (pieces.length === 1) return pieces[0] as Tensor;
  const whole = tf.concat(pieces, axis);
  tf.dispose(pieces);
  return whole;
}

export function registerTokenLogprobWebgpu(): void {
  registerFused<WeightAttributes>('TokenLogprob', 'webgpu', ({ inputs, attributes }) => {
    const { hidden, head, targets } = inputs as unknown as Inputs;
    const weight = weightOf(head, attributes);
    const parts = cuts(hidden.shape[0], attributes.shape[0]).map((cut) =>
      tf.tidy(() => logitRows(linear(cut(hidden), weight), cut(targets))),
    );
    const all = joined(parts, 1);
    const outputs = tf.tidy(() => {
      const [logprobs, lse] = [0, 1].map((row) => tf.reshape(tf.slice(all, [row, 0], [1, -1]), [-1]));
      return [logprobs!, lse!, tf.slice(all, [2, 0])];
    });
    all.dispose();
    return outputs;
  });

  // d hidden = (dy ∘ (onehot(target) − softmax)) · W
  registerFused<WeightAttributes>('TokenLogprobInputGradient', 'webgpu', ({ inputs, attributes }) => {
    const { hidden, head } = inputs as unknown as Inputs;
    const weight = weightOf(head, attributes);
    const parts = cuts(hidden.shape[0], attributes.shape[0]).map((cut) =>
      tf.tidy(() => {
        return linearInputGradient(slopes(cut, inputs as unknown as Inputs, weight), weight);
      }),
    );
    return joined(parts);
  });

  // dW = (dy ∘ (onehot − softmax))ᵀ · hidden, summed over the chunks
  registerFused<WeightAttributes>('TokenLogprobWeightGradient', 'webgpu', ({ inputs, attributes }) => {
    const { hidden, head } = inputs as unknown as Inputs;
    const weight = weightOf(head, attributes);
    const [vocabulary] = attributes.shape;
    const add = (sum: Tensor | null, cut: Cut) =>
      tf.tidy(() => {
        const dLogits = slopes(cut, inputs as unknown as Inputs, weight);
        const part = linearWeightGradient(dLogits, cut(hidden));
        return sum ? tf.add(sum, part) : part;
      });
    return cuts(hidden.shape[0], vocabulary).reduce<Tensor | null>((sum, cut) => {
      const next = add(sum, cut);
      sum?.dispose();
      return next;
    }, null) as Tensor;
  });

  registerTokenLogprobGradient();
}

/**
 * Of each row, online (Milakov & Gimelshein 2018) as in logprob.c: log p(target), log Σ exp, entropy, mean logit, and
 * whether no token is likelier than the target.
 * @returns [5, rows]
 */
function logitRows(logits: Tensor2D, targets: Tensor1D): Tensor {
  const [rows, vocabulary] = logits.shape;
  const info = dispatchRows({
    name: 'LogitRows',
    inputs: { logits, targets },
    rows,
    uniforms: { vocabulary, rows },
    body: `
      var highest = -3.0e38;
      var total = 0.0;
      var spread = 0.0;
      var plain = 0.0;
      for (var i = lane; i < uniforms.vocabulary; i += LANES) {
        let x = logits[row * uniforms.vocabulary + i];
        let top = max(highest, x);
        let rise = highest - top;
        let shrink = exp(rise);
        let e = exp(x - top);
        spread = (spread + rise * total) * shrink + (x - top) * e;
        total = total * shrink + e;
        plain += x;
        highest = top;
      }
      let top = rowMax(highest, lane);
      let rise = highest - top;
      let shrink = exp(rise);
      spread = rowSum((spread + rise * total) * shrink, lane);
      total = rowSum(total * shrink, lane);
      plain = rowSum(plain, lane);
      if (lane == 0) {
        let x = logits[row * uniforms.vocabulary + targets[row]];
        result[row] = x - top - log(total);
        result[uniforms.rows + row] = top + log(total);
        result[2 * uniforms.rows + row] = log(total) - spread / total;
        result[3 * uniforms.rows + row] = plain / f32(uniforms.vocabulary);
        result[4 * uniforms.rows + row] = select(0.0, 1.0, x >= top);
      }`,
    output: [5, rows],
  });
  return tf.engine().makeTensorFromTensorInfo(info);
}

/** dy ∘ (onehot(target) − softmax) for the rows of a chunk, in place of their logits. */
function slopes(cut: Cut, { hidden, targets, lse, dy }: Inputs, weight: Weight): Tensor2D {
  const logits = linear(cut(hidden), weight);
  const [rows, vocabulary] = logits.shape;
  dispatchFlat({
    name: 'LogprobSlopes',
    inputs: { targets: cut(targets), lse: cut(lse), dy: cut(dy) },
    threads: (rows * vocabulary) / 4,
    uniforms: { vocabulary },
    vectors: ['result'],
    body: `
      let row = index * 4 / uniforms.vocabulary;
      let hit = vec4<i32>(targets[row] - index * 4 % uniforms.vocabulary) == vec4<i32>(0, 1, 2, 3);
      result[index] = dy[row] * (select(vec4<f32>(), vec4<f32>(1.0), hit) - exp(result[index] - vec4<f32>(lse[row])));`,
    output: logits,
  });
  return logits;
}
