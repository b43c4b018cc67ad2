import { sampleRankCorrelation } from 'simple-statistics';
import { isConstant } from './constant.ts';

/**
 * Spearman's ρ of two lists, −1 to 1: tied values share the mean of the ranks they span. null for fewer than two
 * values, and where one list is constant: it ranks nothing.
 * @throws RangeError when the lists are not equally long, or a value is no number
 */
export function rankCorrelation(first: readonly number[], second: readonly number[]): number | null {
  if (first.length !== second.length)
    throw new RangeError('A rank correlation needs two equally long lists.');
  if ([...first, ...second].some(Number.isNaN))
    throw new RangeError('A value that is no number has no rank.');
  if (isConstant(first) || isConstant(second)) return null;
  // Rounding takes a perfect correlation past 1 in the last bit.
  return Math.max(-1, Math.min(1, sampleRankCorrelation([...first], [...second])));
}
