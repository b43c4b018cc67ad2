import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { PairExample } from './pair-example.ts';
import { completionLogprobs, packedStatistics } from '../model/logprobs.ts';
import type { Model } from '../model/model.ts';
import type { TokenStatistics } from '../tensor/ops/token-logprob/op.ts';
import {
  disposePacked,
  inTokenBudget,
  packGroups,
  packedLength,
  packedTensors,
} from '../model/packed-batch.ts';
import type { GradientAccumulator } from './gradient-accumulator.ts';
import { checkLossSettings, type DpoLossSettings } from './loss-settings.ts';
import type { LossOptions, PairTerms } from './losses/loss.ts';
import { LOSSES, NEEDS_WHOLE_BATCH } from './losses/registry.ts';
import { Readings } from './readings.ts';
import type { AllReduce, Backward } from './trainer.ts';

/** What a step saw of one pair: summed log-probabilities under the policy, and its preference losses (all but sft). */
export interface PairOutcome extends PairStatistics {
  chosen: number;
  rejected: number;
  dpo: number;
}

/** What the distributions of a pair's completion tokens looked like: sums over the tokens, so that shares add up. */
export interface PairStatistics {
  /** Of both completions, in nats. */
  entropy: number;
  /** Mean logit over the vocabulary, of the chosen tokens and of the rejected. */
  chosenLogits: number;
  rejectedLogits: number;
  /** Chosen tokens that were the likeliest. */
  hits: number;
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

/** Tokens that a pair takes in a pass, its prompt once. */
export const pairLength = (pair: PairExample): number => packedLength(groupOf(pair));

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
  const readings = new Readings();
  await eachMicroBatch(task, async ({ pairs, offsets, logRatios }) => {
    const given = givenTerms(pairs);
    let seen: Tensor[] = [];
    const loss = accumulator.add(() => {
      const { a, b, statistics } = logRatios();
      const { dpo, total } = lossPerPair({ a, b, ...given }, settings, batch);
      seen = [a, b, dpo, statistics].map((part) => tf.keep(part));
      return tf.div<Scalar>(tf.sum(total), batch.pairs);
    });
    tf.dispose([loss, ...Object.values(given)]);
    await readings.begin(seen, ([a, b, dpo, statistics]) => {
      pairs.forEach((pair, i) => {
        onPair(outcomeOf(pair, a![i]!, b![i]!, dpo![i]!, pairStatistics(statistics!, offsets, i)));
      });
    });
  });
  await readings.settle();
}

/**
 * First the log-ratios of the whole batch without gradients, exchanged between the workers. The loss and its
 * derivative by each log-ratio then take a few numbers, and every worker computes them alike. The second pass carries
 * the derivatives of this share back: dL/dθ = Σ (dL/dA) · (dA/dθ) + (dL/dB) · (dB/dθ).
 */
async function twoPasses(task: DpoShareTask, accumulator: GradientAccumulator): Promise<void> {
  const own = await ownTerms(task);
  const whole = task.allReduce ? await task.allReduce(own) : own;
  const { dpo, byA, byB } = await lossDerivatives(whole, task);
  const { positions, pairs: count } = task.batch;
  const readings = new Readings();
  let done = 0;
  await eachMicroBatch(task, async ({ pairs, offsets, logRatios }) => {
    const here = positions.slice(done, (done += pairs.length));
    const slopes = [byA, byB].map((all) => tf.tensor1d(here.map((at) => all[at]!)));
    let seen: Tensor[] = [];
    const loss = accumulator.add(() => {
      const { a, b, statistics } = logRatios();
      seen = [tf.keep(statistics)];
      return tf.sum<Scalar>(tf.add(tf.mul(a, slopes[0]!), tf.mul(b, slopes[1]!)));
    });
    tf.dispose([loss, ...slopes]);
    await readings.begin(seen, ([statistics]) => {
      pairs.forEach((pair, i) => {
        const at = here[i]!;
        const ofPair = pairStatistics(statistics!, offsets, i);
        task.onPair(outcomeOf(pair, own[at]!, own[count + at]!, dpo[at]!, ofPair));
      });
    });
  });
  await readings.settle();
}

function outcomeOf(
  pair: PairExample,
  a: number,
  b: number,
  dpo: number,
  statistics: PairStatistics,
): PairOutcome {
  return { chosen: pair.referenceChosen + a, rejected: pair.referenceRejected + b, dpo, ...statistics };
}

/**
 * @param statistics [3, targets] of a micro-batch, see `tokenStatistics`
 * @param offsets where each completion's targets begin
 * @param pair its place in the micro-batch
 */
function pairStatistics(statistics: Float32Array, offsets: number[], pair: number): PairStatistics {
  const targets = offsets.at(-1)!;
  const sum = (row: number, completion: number) =>
    statistics
      .subarray(row * targets + offsets[completion]!, row * targets + offsets[completion + 1]!)
      .reduce((total, value) => total + value, 0);
  const [chosen, rejected] = [2 * pair, 2 * pair + 1];
  return {
    entropy: sum(0, chosen) + sum(0, rejected),
    chosenLogits: sum(1, chosen),
    rejectedLogits: sum(1, rejected),
    hits: sum(2, chosen),
  };
}

interface MicroBatch {
  pairs: PairExample[];
  offsets: number[];
  /** Differentiable A and B, [pairs], and the statistics of all completion tokens. */
  logRatios: () => Pick<PairTerms, 'a' | 'b'> & Pick<TokenStatistics, 'statistics'>;
}

async function eachMicroBatch(
  { model, pairs, tokens }: DpoShareTask,
  use: (microBatch: MicroBatch) => Promise<void>,
): Promise<void> {
  for (const run of inTokenBudget(pairs, pairLength, tokens)) {
    const packed = packGroups(run.map(groupOf));
    const tensors = packedTensors(packed);
    const { matrix, base, rest } = sequenceSums(run, packed.offsets);
    const logRatios = () => {
      const { logprobs, statistics } = packedStatistics(model, tensors);
      const centred = tf.expandDims(tf.sub(logprobs, base), 1);
      const ratios = tf.add(tf.reshape(tf.matMul(matrix, centred), [run.length, 2]), rest);
      const [a, b] = tf.unstack(ratios, 1) as [Tensor1D, Tensor1D];
      return { a, b, statistics };
    };
    await use({ pairs: run, offsets: packed.offsets, logRatios });
    tf.dispose([matrix, base, rest]);
    disposePacked(tensors);
  }
}

/** Multiples of it are float32 without rounding, as far as log-probabilities go. */
const STEP = 2 ** -10;

/**
 * What turns log-probabilities of tokens into log-ratios of sequences: Σ log π(token) − log ref = Σ (log π(token) − c) + rest,
 * with c near the reference's mean per token. The difference of the two sums would round: at −900 float32 has steps of
 * 6e-5, and where the gradients of chosen and rejected nearly cancel, that left 15 times the noise of torch's.
 */
function sequenceSums(
  pairs: PairExample[],
  offsets: number[],
): { matrix: Tensor2D; base: Tensor1D; rest: Tensor2D } {
  const references = pairs.flatMap(({ referenceChosen, referenceRejected }) => [
    referenceChosen,
    referenceRejected,
  ]);
  const targets = offsets.at(-1)!;
  const matrix = new Float32Array(references.length * targets);
  const base = new Float32Array(targets);
  const rest = references.map((reference, i) => {
    const [begin, end] = [offsets[i]!, offsets[i + 1]!];
    const c = Math.round(reference / (end - begin) / STEP) * STEP;
    matrix.fill(1, i * targets + begin, i * targets + end);
    base.fill(c, begin, end);
    return c * (end - begin) - reference;
  });
  return {
    matrix: tf.tensor2d(matrix, [references.length, targets]),
    base: tf.tensor1d(base),
    rest: tf.tensor2d(rest, [pairs.length, 2]),
  };
}

/** The terms that do not depend on the policy. The caller owns them. */
function givenTerms(pairs: PairExample[]): Omit<PairTerms, 'a' | 'b'> {
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
      .reduce((a, b) => tf.add(a, b), tf.zerosLike(terms.a));
  const dpo = sum(false);
  return { dpo, total: tf.add(dpo, sum(true)) };
}

/** Rows of the exchanged array: one per term, in this order, each with a value for every pair of the batch. */
const TERMS = [
  'a',
  'b',
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
    const [a, b] = [sumOf(2 * i) - referenceChosen, sumOf(2 * i + 1) - referenceRejected];
    const values = [a, b, referenceChosen, referenceRejected, chosen.length, rejected.length];
    values.forEach((value, term) => (terms[term * batch.pairs + batch.positions[i]!] = value));
  });
  return terms;
}

/** The preference losses of a whole batch, and the derivatives of its loss by A and B; [pairs] each. */
async function lossDerivatives(
  whole: Float32Array,
  { settings, batch }: DpoShareTask,
): Promise<{ dpo: Float32Array; byA: Float32Array; byB: Float32Array }> {
  const results = tf.tidy(() => {
    const rows = tf.unstack(tf.tensor2d(whole, [TERMS.length, batch.pairs])) as Tensor1D[];
    const terms = Object.fromEntries(TERMS.map((name, i) => [name, rows[i]])) as unknown as PairTerms;
    const slopes = tf.grads((a, b) => {
      const { total } = lossPerPair({ ...terms, a, b } as PairTerms, settings, batch);
      return tf.div(tf.sum(total), batch.pairs);
    });
    return [lossPerPair(terms, settings, batch).dpo, ...slopes([terms.a, terms.b])];
  });
  const [dpo, byA, byB] = (await Promise.all(results.map((tensor) => tensor.data()))) as Float32Array[];
  tf.dispose(results);
  return { dpo: dpo!, byA: byA!, byB: byB! };
}
