import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { gradient, hessian, logOdds, loss, sigmoid, type LogisticProblem } from './logistic-loss.ts';

export interface LogisticOptions {
  /** Inverse of the ridge penalty, as in scikit-learn: ½‖w‖² + C · Σ loss. 1 where left out; Infinity for no penalty. */
  C?: number;
  /** Whether a constant, which is never penalised, is fitted too; yes where left out. */
  intercept?: boolean;
  /** How often each row counts, 0 or more; 1 where left out. */
  sampleWeights?: readonly number[];
}

export interface LogisticFit {
  /** Change in log-odds per unit of each column. */
  coefficients: number[];
  /** Log-odds where all columns are 0; 0 where none was fitted. */
  intercept: number;
  /**
   * Of each coefficient: roots of the diagonal of the inverse Hessian. With a penalty they are those of the penalised fit,
   * narrower than the data alone would give.
   */
  standardErrors: number[];
}

/** Weights that do not exist, with the reason in words. */
export class LogisticRegressionError extends Error {
  override name = 'LogisticRegressionError';
}

const STEPS = 100;
/** Newton's method squares the error in each step, so after one this small nothing is left to gain. */
const TOLERANCE = 1e-8;
/** Below this share of its column's own size, what the other columns leave of it is rounding. */
const SINGULAR = 1e-12;

/**
 * Logistic regression with a ridge penalty by Newton's method, each step halved until the loss falls.
 *
 * @param rows one list of columns per case, all finite and equally long
 * @param outcomes 1 or 0 per row
 * @throws RangeError when the input is malformed.
 * @throws LogisticRegressionError when no finite weights exist: one outcome only, columns that depend on each other, or
 * outcomes that some direction tells apart without error; the latter two without a penalty only.
 */
export function fitLogisticRegression(
  rows: readonly ArrayLike<number>[],
  outcomes: readonly number[],
  options: LogisticOptions = {},
): LogisticFit {
  const problem = problemOf(rows, outcomes, options);
  const weights = minimise(problem);
  const columns = rows[0]!.length;
  const covariance = factorised(problem, weights)(Matrix.eye(problem.columns));
  return {
    coefficients: [...weights.subarray(0, columns)],
    intercept: weights[columns] ?? 0,
    standardErrors: Array.from({ length: columns }, (_, i) => Math.sqrt(covariance.get(i, i))),
  };
}

/** Probability of outcome 1 for one row. */
export function predictLogistic({ coefficients, intercept }: LogisticFit, row: ArrayLike<number>): number {
  return sigmoid(coefficients.reduce((sum, weight, i) => sum + weight * row[i]!, intercept));
}

function problemOf(
  rows: readonly ArrayLike<number>[],
  outcomes: readonly number[],
  { C = 1, intercept = true, sampleWeights = rows.map(() => 1) }: LogisticOptions,
): LogisticProblem {
  assertWellFormed(rows, outcomes, sampleWeights, C);
  const counted = [...rows.keys()].filter((i) => sampleWeights[i]! > 0);
  if (intercept && new Set(counted.map((i) => outcomes[i])).size < 2)
    throw new LogisticRegressionError('All outcomes are the same, so there is nothing to tell apart.');
  const length = rows[0]!.length;
  const columns = length + (intercept ? 1 : 0);
  const design = new Float64Array(counted.length * columns).fill(1);
  counted.forEach((row, i) => design.set(Array.from(rows[row]!), i * columns));
  return {
    design,
    columns,
    signs: Float64Array.from(counted, (i) => (outcomes[i] === 1 ? 1 : -1)),
    sampleWeights: Float64Array.from(counted, (i) => sampleWeights[i]!),
    penalties: Float64Array.from({ length: columns }, (_, i) => (i < length ? 1 / C : 0)),
  };
}

function assertWellFormed(
  rows: readonly ArrayLike<number>[],
  outcomes: readonly number[],
  sampleWeights: readonly number[],
  C: number,
): void {
  const length = rows[0]?.length ?? 0;
  if (length === 0) throw new RangeError('A logistic regression needs at least one row and one column.');
  if (outcomes.length !== rows.length || sampleWeights.length !== rows.length)
    throw new RangeError('A logistic regression needs one outcome and one weight for each row.');
  if (!rows.every((row) => row.length === length && Array.from(row).every(Number.isFinite)))
    throw new RangeError('All rows must have the same number of columns, each a finite number.');
  if (!outcomes.every((outcome) => outcome === 0 || outcome === 1))
    throw new RangeError('Outcomes must be 0 or 1; a tie is two rows of half the weight.');
  if (!sampleWeights.every((weight) => weight >= 0 && weight < Infinity) || !(C > 0))
    throw new RangeError('Weights must be finite and not negative, and C above 0.');
}

function minimise(problem: LogisticProblem): Float64Array {
  let weights: Float64Array = new Float64Array(problem.columns);
  for (let step = 0; step < STEPS; step++) {
    const solve = factorised(problem, weights);
    const newton = Float64Array.from(solve(Matrix.columnVector(gradient(problem, weights))).to1DArray());
    weights = descended(problem, weights, newton);
    // Measured in log-odds, which do not depend on the columns' units. Where outcomes can be told apart
    // without error each step adds about 1 to the log-odds for ever, though the loss hardly falls any more.
    if (greatest(logOdds(problem, newton)) <= TOLERANCE * (1 + greatest(logOdds(problem, weights))))
      return weights;
  }
  throw separable();
}

/** A full Newton step, or as many halves of it as it takes for the loss not to rise. */
function descended(problem: LogisticProblem, weights: Float64Array, newton: Float64Array): Float64Array {
  const before = loss(problem, weights);
  const rounding = 1e-12 * before;
  for (let share = 1; ; share /= 2) {
    const next = weights.map((value, i) => value - share * newton[i]!);
    if (share < 1e-9 || loss(problem, next) <= before + rounding) return next;
  }
}

/** A solver for the Hessian at these weights, by its Cholesky factor after scaling its diagonal to 1. */
function factorised(problem: LogisticProblem, weights: Float64Array): (right: Matrix) => Matrix {
  const scaled = hessian(problem, weights);
  const scales = scaled.diagonal().map((value) => (value > 0 ? 1 / Math.sqrt(value) : 0));
  // Both factors in one product: one after the other would round (i, j) and (j, i) differently.
  for (let i = 0; i < scales.length; i++)
    for (let j = 0; j < scales.length; j++) scaled.set(i, j, scaled.get(i, j) * (scales[i]! * scales[j]!));
  const factor = new CholeskyDecomposition(scaled);
  const pivots = factor.lowerTriangularMatrix.diagonal();
  if (!pivots.every((pivot) => pivot * pivot > SINGULAR))
    throw weights.every((weight) => weight === 0) ? dependent() : separable();
  return (right) => factor.solve(right.clone().mulColumnVector(scales)).mulColumnVector(scales);
}

function dependent(): LogisticRegressionError {
  return new LogisticRegressionError(
    'Some columns are constant or follow from others, so their weights are not determined: leave one out, or set a penalty (a finite C).',
  );
}

function separable(): LogisticRegressionError {
  return new LogisticRegressionError(
    'Some direction tells the two outcomes apart without error, so weights would grow for ever: set a penalty (a finite, smaller C) or add cases.',
  );
}

function greatest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
