import { Matrix } from 'ml-matrix';

/** What is minimised: Σ weight · ln(1 + e^−(sign · log-odds)) + ½ Σ penalty · w². */
export interface LogisticProblem {
  /** Columns, then 1 for the intercept, row after row. */
  design: Float64Array;
  columns: number;
  /** +1 or −1. */
  signs: Float64Array;
  sampleWeights: Float64Array;
  penalties: Float64Array;
}

export function loss(problem: LogisticProblem, weights: Float64Array): number {
  const fit = logOdds(problem, weights).reduce((sum, value, i) => {
    const margin = problem.signs[i]! * value;
    const softplus = Math.max(-margin, 0) + Math.log1p(Math.exp(-Math.abs(margin)));
    return sum + problem.sampleWeights[i]! * softplus;
  }, 0);
  return weights.reduce((sum, value, i) => sum + 0.5 * problem.penalties[i]! * value * value, fit);
}

export function gradient(problem: LogisticProblem, weights: Float64Array): Float64Array {
  const { design, columns, signs, sampleWeights, penalties } = problem;
  const result = weights.map((value, i) => penalties[i]! * value);
  logOdds(problem, weights).forEach((value, row) => {
    const pull = -sampleWeights[row]! * signs[row]! * sigmoid(-signs[row]! * value);
    for (let i = 0; i < columns; i++) result[i]! += pull * design[row * columns + i]!;
  });
  return result;
}

export function hessian(problem: LogisticProblem, weights: Float64Array): Matrix {
  const { design, columns, sampleWeights, penalties } = problem;
  const upper = new Float64Array(columns * columns);
  logOdds(problem, weights).forEach((value, row) => {
    // Both factors by sigmoid: 1 − p would be 0 from log-odds of 37 on.
    const curvature = sampleWeights[row]! * sigmoid(value) * sigmoid(-value);
    for (let i = 0; i < columns; i++) {
      const scaled = curvature * design[row * columns + i]!;
      for (let j = i; j < columns; j++) upper[i * columns + j]! += scaled * design[row * columns + j]!;
    }
  });
  const result = new Matrix(columns, columns);
  for (let i = 0; i < columns; i++)
    for (let j = i; j < columns; j++) {
      const value = upper[i * columns + j]! + (i === j ? penalties[i]! : 0);
      result.set(i, j, value).set(j, i, value);
    }
  return result;
}

export function logOdds({ design, columns, signs }: LogisticProblem, weights: Float64Array): Float64Array {
  return signs.map((_, row) => {
    let sum = 0;
    for (let i = 0; i < columns; i++) sum += weights[i]! * design[row * columns + i]!;
    return sum;
  });
}

export function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
