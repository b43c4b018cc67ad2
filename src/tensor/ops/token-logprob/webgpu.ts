import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { weightOf, type Weight, type WeightAttributes } from '../../weight.ts';
import { linear, linearInputGradient } from '../linear/op.ts';
import { takeRows } from '../take-rows/op.ts';
import { rowsPerChunk } from './chunks.ts';
import { logitStatistics } from './composed.ts';
import { registerTokenLogprobGradient } from './gradient.ts';

interface Inputs {
  hidden: Tensor2D;
  head: Tensor2D;
  targets: Tensor1D;
  lse: Tensor1D;
  dy: Tensor1D;
}

/** Statistics take two more passes over the logits and an exp: only where they are asked for. */
interface ForwardAttributes extends WeightAttributes {
  statistics: boolean;
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
  registerFused<ForwardAttributes>('TokenLogprob', 'webgpu', ({ inputs, attributes }) => {
    const { hidden, head, targets } = inputs as unknown as Inputs;
    const weight = weightOf(head, attributes);
    const parts = cuts(hidden.shape[0], attributes.shape[0]).map((cut) =>
      tf.tidy(() => {
        const h = cut(hidden);
        const logits = linear(h, weight);
        const lse = tf.logSumExp<Tensor1D>(logits, 1);
        const picked = tf.sum(tf.mul(h, takeRows(weight, cut(targets))), 1);
        const statistics = attributes.statistics ? [logitStatistics(logits, lse, cut(targets))] : [];
        return [tf.sub(picked, lse), lse, ...statistics];
      }),
    );
    const outputs = parts[0]?.map((_, i) => parts.map((part) => part[i] as Tensor)) ?? [];
    return outputs.map((pieces, i) => joined(pieces, i === 2 ? 1 : 0));
  });

  // d hidden = dy · (W[target] − softmax · W)
  registerFused<WeightAttributes>('TokenLogprobInputGradient', 'webgpu', ({ inputs, attributes }) => {
    const { hidden, head, targets, lse, dy } = inputs as unknown as Inputs;
    const weight = weightOf(head, attributes);
    const parts = cuts(hidden.shape[0], attributes.shape[0]).map((cut) =>
      tf.tidy(() => {
        const expected = linearInputGradient(probabilities(cut(hidden), weight, cut(lse)), weight);
        return tf.mul(column(cut(dy)), tf.sub(takeRows(weight, cut(targets)), expected));
      }),
    );
    return joined(parts);
  });

  // dW = (onehot − softmax)ᵀ · (dy ∘ hidden), summed over the chunks
  registerFused<WeightAttributes>('TokenLogprobWeightGradient', 'webgpu', ({ inputs, attributes }) => {
    const { hidden, head, targets, lse, dy } = inputs as unknown as Inputs;
    const weight = weightOf(head, attributes);
    const [vocabulary] = attributes.shape;
    const add = (sum: Tensor | null, cut: Cut) =>
      tf.tidy(() => {
        const h = cut(hidden);
        const picked = tf.cast(tf.oneHot(cut(targets), vocabulary), 'float32');
        const difference = tf.sub<Tensor2D>(picked, probabilities(h, weight, cut(lse)));
        const part = tf.matMul(difference, tf.mul<Tensor2D>(h, column(cut(dy))), true);
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

const column = (x: Tensor1D) => tf.expandDims<Tensor2D>(x, 1);

function probabilities(hidden: Tensor2D, weight: Weight, lse: Tensor1D): Tensor2D {
  return tf.tidy(() => {
    const logits = linear(hidden, weight);
    const shifted = tf.sub<Tensor2D>(logits, column(lse));
    logits.dispose();
    return tf.exp(shifted);
  });
}
