import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D, TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused, runKernel } from '../../kernel.ts';
import { weightOf, type Weight, type WeightAttributes } from '../../weight.ts';
import { linear, linearInputGradient } from '../linear/op.ts';
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

/** The results of all chunks, one below the other. */
function byRows(pieces: Tensor[]): Tensor {
  if (pieces.length === 1) return pieces[0] as Tensor;
  const whole = tf.concat(pieces, 0);
  tf.dispose(pieces);
  return whole;
}

export function registerTokenLogprobWebgpu(): void {
  registerFused<WeightAttributes>('TokenLogprob', 'webgpu', ({ inputs, attributes }) => {
    const { hidden, head, targets } = inputs as unknown as Inputs;
    const weight = weightOf(head, attributes);
    const parts = cuts(hidden.shape[0], attributes.shape[0]).map((cut) =>
      tf.tidy(() => {
        const h = cut(hidden);
        const logits = linear(h, weight);
        const lse = wrap(logSum(logits));
        return [wrap(pick(logits, cut(targets), lse)), lse] as const;
      }),
    );
    return [byRows(parts.map(([logprob]) => logprob)), byRows(parts.map(([, lse]) => lse))] as TensorInfo[];
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
    return byRows(parts);
  });

  // dW = (dy ∘ (onehot − softmax))ᵀ · hidden, summed over the chunks
  registerFused<WeightAttributes>('TokenLogprobWeightGradient', 'webgpu', ({ inputs, attributes }) => {
    const { hidden, head } = inputs as unknown as Inputs;
    const weight = weightOf(head, attributes);
    const [vocabulary] = attributes.shape;
    const add = (sum: Tensor | null, cut: Cut) =>
      tf.tidy(() => {
        const dLogits = slopes(cut, inputs as unknown as Inputs, weight);
        const part = runKernel('LinearWeightGradient', { dy: dLogits, x: cut(hidden) });
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

const wrap = <T extends Tensor>(info: TensorInfo) => tf.engine().makeTensorFromTensorInfo(info) as T;

/** log Σ exp of each row, online (Milakov & Gimelshein 2018). */
function logSum(logits: Tensor2D): TensorInfo {
  const [rows, vocabulary] = logits.shape;
  return dispatchRows({
    name: 'LogSum',
    inputs: { logits },
    rows,
    uniforms: { vocabulary },
    body: `
      var highest = -3.0e38;
      var total = 0.0;
      for (var i = lane; i < uniforms.vocabulary; i += LANES) {
        let x = logits[row * uniforms.vocabulary + i];
        let top = max(highest, x);
        total = total * exp(highest - top) + exp(x - top);
        highest = top;
      }
      let top = rowMax(highest, lane);
      total = rowSum(total * exp(highest - top), lane);
      if (lane == 0) { result[row] = top + log(total); }`,
    output: [rows],
  });
}

/** The target's logit less log Σ exp. */
function pick(logits: Tensor2D, targets: Tensor1D, lse: Tensor): TensorInfo {
  const [rows, vocabulary] = logits.shape;
  return dispatchFlat({
    name: 'PickLogprob',
    inputs: { logits, targets, lse },
    threads: rows,
    uniforms: { vocabulary },
    body: 'result[index] = logits[index * uniforms.vocabulary + targets[index]] - lse[index];',
    output: [rows],
  });
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
