import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { hasFused, runKernel } from '../../kernel.ts';
import { composedRotary } from './composed.ts';

/**
 * Rotary position embedding (Su et al. 2021), half-split layout as in Llama: element j of a head turns with
 * element j + d/2 by the angle that the table holds for the row's position.
 * @param x [n, all heads · d]
 * @param positions int32 [n]
 * @param table [positions, d]: cos, sin interleaved (see `rotaryTable`)
 * @param heads how many of a row's heads turn; those behind them, the values of a row of queries, keys and values, stay
 */
export function rotary(x: Tensor2D, positions: Tensor1D, table: Tensor2D, heads: number): Tensor2D {
  return hasFused('Rotary')
    ? (runKernel('Rotary', { x, positions, table }, { sign: 1, heads }) as Tensor2D)
    : composedRotary(x, positions, table, heads);
}
