import type { Tensor2D } from '@tensorflow/tfjs-core';

export interface LinearOptions {
  /** [n, columns of y]: the residual stream, or the product that LoRA adds to. Its gradient is dy itself. */
  addend?: Tensor2D | undefined;
  /** Of the product, not of the addend; default 1. */
  scale?: number;
  /**
   * The weights as blocks of a diagonal matrix: weight i reads block i of x's columns only, and adds to the columns of
   * `addend`, which must be given, from the i-th of these numbers on; they do not overlap, in ascending order. Default: all
   * weights read all of x.
   */
  blocks?: number[];
}
