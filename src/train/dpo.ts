import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { DpoLossSettings, PairExample } from '../../workers/protocol.ts';
import { packedLogprobs } from '../model/logprobs.ts';
import type { Model } from '../model/model.ts';
import {
  disposePacked,
  inTokenBudget,
  packGroups,
  packedLength,
  packedTensors,
} from '../model/packed-batch.ts';
import { sigmoidLoss } from './losses/sigmoid.ts';
import type { Backward } from './trainer.ts';

/** What a step saw of one pair: summed log-probabilities under the policy, and its DPO loss. */
export interface PairOutcome {
  chosen: number;
  rejected: number;
  dpo: number;
}

/** Size of the batch of all workers, by which the losses are normalised. */
export interface BatchSize {
  pairs: number;
  chosenTokens: number;
}

const groupOf = ({ prompt, chosen, rejected }: PairExample) => ({ prompt, completions: [chosen, rejected] });

/**
 * Direct preference optimisation with an optional supervised term on the chosen judgment:
 *
 *   L = mean over pairs of −log σ(β·Δ)  +  w · mean over all chosen tokens of −log π(token)
 *
 * The reference log-probabilities come with the pairs, computed once. Chosen and rejected share their prompt's pass.
 * @param tokens micro-batch size: bounds the memory of the activations
 */
export function dpoBackward(
  model: Model,
  pairs: PairExample[],
  settings: DpoLossSettings,
  batch: BatchSize,
  tokens: number,
  onPair: (outcome: PairOutcome) => void,
): Backward {
  return async (accumulator) => {
    for (const run of inTokenBudget(pairs, (pair) => packedLength(groupOf(pair)), tokens)) {
      const packed = packGroups(run.map(groupOf));
      const tensors = packedTensors(packed);
      const sums = sumMatrix(packed.offsets);
      let seen: Tensor1D[] = [];
      await accumulator.add(() => {
        const logprobs = packedLogprobs(model, tensors);
        const { loss, parts } = dpoLoss(logprobs, sums, run, settings, batch);
        seen = parts.map((part) => tf.keep(part));
        return loss;
      });
      for (const outcome of await outcomes(seen)) onPair(outcome);
      tf.dispose([...seen, sums]);
      disposePacked(tensors);
    }
  };
}

function dpoLoss(
  logprobs: Tensor1D,
  sums: Tensor2D,
  pairs: PairExample[],
  settings: DpoLossSettings,
  batch: BatchSize,
): { loss: Scalar; parts: [Tensor1D, Tensor1D, Tensor1D] } {
  const bySequence = tf.reshape(tf.matMul(sums, tf.expandDims(logprobs, 1)), [pairs.length, 2]);
  const [chosen, rejected] = tf.unstack(bySequence, 1) as [Tensor1D, Tensor1D];
  const reference = {
    chosen: tf.tensor1d(pairs.map(({ referenceChosen }) => referenceChosen)),
    rejected: tf.tensor1d(pairs.map(({ referenceRejected }) => referenceRejected)),
  };
  const dpo = sigmoidLoss(chosen, rejected, reference, settings.beta);
  const sft = tf.neg(tf.sum(chosen));
  const loss = tf.add<Scalar>(
    tf.div(tf.sum(dpo), batch.pairs),
    tf.mul(sft, settings.sftWeight / batch.chosenTokens),
  );
  return { loss, parts: [chosen, rejected, dpo] };
}

/** [sequences, targets]: 1 where a target belongs to a sequence. A product sums log-probabilities per sequence. */
function sumMatrix(offsets: number[]): Tensor2D {
  const sequences = offsets.length - 1;
  const targets = offsets.at(-1) as number;
  const matrix = new Float32Array(sequences * targets);
  for (let i = 0; i < sequences; i++) {
    matrix.fill(1, i * targets + (offsets[i] as number), i * targets + (offsets[i + 1] as number));
  }
  return tf.tensor2d(matrix, [sequences, targets]);
}

async function outcomes(parts: Tensor1D[]): Promise<PairOutcome[]> {
  const [chosen, rejected, dpo] = await Promise.all(parts.map((part) => part.data()));
  return Array.from(chosen as Float32Array, (value, i) => ({
    chosen: value,
    rejected: rejected?.[i] as number,
    dpo: dpo?.[i] as number,
  }));
}
