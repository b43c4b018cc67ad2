import type { Tensor, Variable } from '@tensorflow/tfjs-core';

export interface AdamWStep {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  maxGradNorm: number;
  /** Number of this step, from 1, for the bias corrections. */
  step: number;
}

/** What is changed in place: nothing else may hold these three tensors as constants meanwhile. */
export interface AdamWUpdate {
  weight: Variable;
  gradient: Tensor;
  m: Variable;
  v: Variable;
  weightDecay: number;
}
