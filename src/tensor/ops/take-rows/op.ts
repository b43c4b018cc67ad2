import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { hasFused, runKernel } from '../../kernel.ts';
import { isPacked, weightAttributes, type Weight } from '../../weight.ts';
import { composedTakeRows } from './composed.ts';

/**
 * out[i] = table[rows[i]]: an embedding look-up, or the hidden states that predict the trained tokens.
 * Its gradient adds the rows up again (a row may be taken many times); a packed table is frozen and has none.
 * @param table [height, width]
 * @param rows int32 [n], each in [0, height)
 */
export function takeRows(table: Weight, rows: Tensor1D): Tensor2D {
  if (isPacked(table)) {
    return runKernel('TakePackedRows', { w: table.words, rows }, weightAttributes(table)) as Tensor2D;
  }
  return hasFused('TakeRows')
    ? (runKernel('TakeRows', { table, rows }, { height: table.shape[0] }) as Tensor2D)
    : composedTakeRows(table, rows);
}
