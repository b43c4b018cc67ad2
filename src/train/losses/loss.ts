import * as tf from '@tensorflow/tfjs-core';
import type { Tensor1D } from '@tensorflow/tfjs-core';

/** What a loss sees of a batch; every tensor is [pairs]. Log-probabilities are sums over a completion's tokens. */
export interface PairTerms {
  /** A = log π(chosen) − log ref(chosen): what training moves. */
  a: Tensor1D;
  /** B = log π(rejected) − log ref(rejected). */
  b: Tensor1D;
  /** log ref: under the frozen reference. */
  referenceChosen: Tensor1D;
  referenceRejected: Tensor1D;
  /** Lc, Lr: lengths of the completions, `<eos>` included. */
  chosenTokens: Tensor1D;
  rejectedTokens: Tensor1D;
}

export interface LossOptions {
  beta: number;
  /** ε: the probability that a label is wrong. */
  labelSmoothing: number;
  /** τ of `discopop`. */
  discopopTau: number;
  /** Tokens of a chosen completion, on average over the batch of all workers. */
  meanChosenTokens: number;
}

/** One value per pair, [pairs]; the batch's loss is their mean. */
export type PreferenceLoss = (terms: PairTerms, options: LossOptions) => Tensor1D;

/** Δ = A − B. */
export function delta({ a, b }: PairTerms): Tensor1D {
  return tf.sub(a, b);
}

/** A/Lc − B/Lr: per token, so that the longer completion does not count for more. */
export function deltaPerToken({ a, b, chosenTokens, rejectedTokens }: PairTerms): Tensor1D {
  return tf.sub(tf.div(a, chosenTokens), tf.div(b, rejectedTokens));
}

/** −log σ(x) as softplus(−x): the gradient of tf.logSigmoid crashes on an unsaved intermediate (4.22.0). */
export function negativeLogSigmoid(x: Tensor1D): Tensor1D {
  return tf.softplus(tf.neg(x));
}

/** (1 − ε)·(−log σ(x)) + ε·(−log σ(−x)): cross-entropy against a label that is wrong with probability ε. */
export function smoothedLogSigmoid(x: Tensor1D, epsilon: number): Tensor1D {
  return tf.add(tf.mul(negativeLogSigmoid(x), 1 - epsilon), tf.mul(negativeLogSigmoid(tf.neg(x)), epsilon));
}
