import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { DpoLossSettings, PairExample } from '../../workers/protocol.ts';
import { completionLogprobs, packedLogprobs } from '../model/logprobs.ts';
import type { Model } from '../model/model.ts';
import {
  disposePacked,
  inTokenBudget,
  packGroups,
  packedLength,
  packedTensors,
} from '../model/packed-batch.ts';
import type { GradientAccumulator } from './gradient-accumulator.ts';
import { checkLossSettings } from './loss-settings.ts';
import type { LossOptions, PairTerms } from './losses/loss.ts';
import { LOSSES, NEEDS_WHOLE_BATCH } from './losses/registry.ts';
import type { AllReduce, Backward } from './trainer.ts';

/** What a step saw of one pair: summed log-probabilities under the policy, and its preference losses (all but sft). */
export interface PairOutcome {
  chosen: number;
  rejected: number;
  dpo: number;
}

/** The batch of all workers, of which a worker has a share. */
export interface WholeBatch {
  pairs: number;
  chosenTokens: number;
  /** Where the pairs of this worker's share stand in the batch. */
  positions: number[];
}

/** A worker's share of a DPO batch. */
export interface DpoShareTask {
  model: Model;
  pairs: PairExample[];
  settings: DpoLossSettings;
  batch: WholeBatch;
  /** Micro-batch size: bounds the memory of the activations. */
  tokens: number;
  /** Sums over all workers; null where there is one. */
  allReduce: AllReduce | null;
  /** Called for each pair of the share, in order. */
  onPair: (outcome: PairOutcome) => void;
}

const groupOf = ({ prompt, chosen, rejected }: PairExample) => ({ prompt, completions: [chosen, rejected] });
const lengthOf = (pair: PairExample) => packedLength(groupOf(pair));

/**
 * Direct preference optimisation: the gradient of
 *
 *   L = Σ over losses of weight · mean over pairs of loss(pair)
 *
 * The reference log-probabilities come with the pairs, computed once. Chosen and rejected share their prompt's pass. Most
 * losses look at one pair at a time, so that micro-batches and workers just add up; a loss over the whole batch (AOT)
 * takes two passes.
 * @throws LossSettingsError
 */
export function dpoBackward(task: DpoShareTask): Backward {
  checkLossSettings(task.settings);
  const coupled = task.settings.losses.some(({ type }) => NEEDS_WHOLE_BATCH.has(type));
  return (accumulator) => (coupled ? twoPasses(task, accumulator) : onePass(task, accumulator));
}

async function onePass(task: DpoShareTask, accumulator: GradientAccumulator): Promise<void> {
  const { settings, batch, onPair } = task;
  await eachMicroBatch(task, async (pairs, logprobs) => {
    const given = givenTerms(pairs);
    let seen: Tensor1D[] = [];
    await accumulator.add(() => {
      const terms = { ...logprobs(), ...given };
      const { dpo, total } = lossPerPair(terms, settings, batch);
      seen = [terms.chosen, terms.rejected, dpo].map((part) => tf.keep(part));
      return tf.div<Scalar>(tf.sum(total), batch.pairs);
    });
    const [chosen, rejected, dpo] = await Promise.all(seen.map((part) => part.data()));
    pairs.forEach((_, i) => onPair({ chosen: chosen![i]!, rejected: rejected![i]!, dpo: dpo![i]! }));
    tf.dispose([...seen, ...Object.values(given)]);
  });
}

/**
 * First the log-probabilities of the whole batch without gradients, exchanged between the workers. The loss and its
 * derivative by each log-probability then take a few numbers, and every worker computes them alike. The second pass
 * carries the derivatives of this share back: dL/dθ = Σ (dL/d log π) · (d log π/dθ).
 */
async function twoPasses(task: DpoShareTask, accumulator: GradientAccumulator): Promise<void> {
  const own = await ownTerms(task);
  const whole = task.allReduce ? await task.allReduce(own) : own;
  const { dpo, byChosen, byRejected } = await lossDerivatives(whole, task);
  const rows = task.batch.pairs;
  task.batch.positions.forEach((at) => {
    task.onPair({ chosen: own[at]!, rejected: own[rows + at]!, dpo: dpo[at]! });
  });
  let done = 0;
  await eachMicroBatch(task, async (pairs, logprobs) => {
    const positions = task.batch.positions.slice(done, (done += pairs.length));
    const slopes = [byChosen, byRejected].map((all) => tf.tensor1d(positions.map((at) => all[at]!)));
    await accumulator.add(() => {
      const { chosen, rejected } = logprobs();
      return tf.sum<Scalar>(tf.add(tf.mul(chosen, slopes[0]!), tf.mul(rejected, slopes[1]!)));
    });
    tf.dispose(slopes);
  });
}

/** Runs `use` on each micro-batch; `logprobs` computes its differentiable log-probabilities, [pairs]. */
async function eachMicroBatch(
  { model, pairs, tokens }: DpoShareTask,
  use: (pairs: PairExample[], logprobs: () => Pick<PairTerms, 'chosen' | 'rejected'>) => Promise<void>,
): Promise<void> {
  for (const run of inTokenBudget(pairs, lengthOf, tokens)) {
    const packed = packGroups(run.map(groupOf));
    const tensors = packedTensors(packed);
    const sums = sumMatrix(packed.offsets);
    await use(run, () => {
      const perToken = tf.expandDims(packedLogprobs(model, tensors), 1);
      const [chosen, rejected] = tf.unstack(tf.reshape(tf.matMul(sums, perToken), [run.length, 2]), 1);
      return { chosen: chosen as Tensor1D, rejected: rejected as Tensor1D };
    });
    sums.dispose();
    disposePacked(tensors);
  }
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

/** The terms that do not depend on the policy. The caller owns them. */
function givenTerms(pairs: PairExample[]): Omit<PairTerms, 'chosen' | 'rejected'> {
  return {
    referenceChosen: tf.tensor1d(pairs.map(({ referenceChosen }) => referenceChosen)),
    referenceRejected: tf.tensor1d(pairs.map(({ referenceRejected }) => referenceRejected)),
    chosenTokens: tf.tensor1d(pairs.map(({ chosen }) => chosen.length)),
    rejectedTokens: tf.tensor1d(pairs.map(({ rejected }) => rejected.length)),
  };
}

/** The weighted losses of each pair, [pairs]: of preference alone, and with the supervised term. */
function lossPerPair(
  terms: PairTerms,
  { beta, losses, labelSmoothing = 0, discopopTau = 0.05 }: DpoLossSettings,
  batch: WholeBatch,
): { dpo: Tensor1D; total: Tensor1D } {
  const options: LossOptions = {
    beta,
    labelSmoothing,
    discopopTau,
    meanChosenTokens: batch.chosenTokens / batch.pairs,
  };
  const sum = (supervised: boolean) =>
    losses
      .filter(({ type }) => (type === 'sft') === supervised)
      .map(({ type, weight }) => tf.mul<Tensor1D>(LOSSES[type](terms, options), weight))
      .reduce((a, b) => tf.add(a, b), tf.zerosLike(terms.chosen));
  const dpo = sum(false);
  return { dpo, total: tf.add(dpo, sum(true)) };
}

/** Rows of the exchanged array: one per term, in this order, each with a value for every pair of the batch. */
const TERMS = [
  'chosen',
  'rejected',
  'referenceChosen',
  'referenceRejected',
  'chosenTokens',
  'rejectedTokens',
] as const satisfies (keyof PairTerms)[];

/** This share's terms at their positions in the batch and zeros elsewhere: summed over the workers, the whole batch. */
async function ownTerms({ model, pairs, batch, tokens }: DpoShareTask): Promise<Float32Array> {
  const logprobs = await completionLogprobs(model, pairs.map(groupOf), tokens);
  const sumOf = (completion: number) => logprobs[completion]!.reduce((sum, value) => sum + value, 0);
  const terms = new Float32Array(TERMS.length * batch.pairs);
  pairs.forEach(({ referenceChosen, referenceRejected, chosen, rejected }, i) => {
    const values = [
      sumOf(2 * i),
      sumOf(2 * i + 1),
      referenceChosen,
      referenceRejected,
      chosen.length,
      rejected.length,
    ];
    values.forEach((value, term) => (terms[term * batch.pairs + batch.positions[i]!] = value));
  });
  return terms;
}

/** The preference losses of a whole batch, and the derivatives of the loss by the policy's log-probabilities; [pairs] each. */
async function lossDerivatives(
  whole: Float32Array,
  { settings, batch }: DpoShareTask,
): Promise<{ dpo: Float32Array; byChosen: Float32Array; byRejected: Float32Array }> {
  const results = tf.tidy(() => {
    const rows = tf.unstack(tf.tensor2d(whole, [TERMS.length, batch.pairs])) as Tensor1D[];
    const terms = Object.fromEntries(TERMS.map((name, i) => [name, rows[i]])) as unknown as PairTerms;
    const slopes = tf.grads((chosen, rejected) => {
      const { total } = lossPerPair({ ...terms, chosen, rejected } as PairTerms, settings, batch);
      return tf.div(tf.sum(total), batch.pairs);
    });
    return [lossPerPair(terms, settings, batch).dpo, ...slopes([terms.chosen, terms.rejected])];
  });
  const [dpo, byChosen, byRejected] = (await Promise.all(
    results.map((tensor) => tensor.data()),
  )) as Float32Array[];
  tf.dispose(results);
  return { dpo: dpo!, byChosen: byChosen!, byRejected: byRejected! };
}
