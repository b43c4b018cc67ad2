import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WeightAttributes } from '../../weight.ts';

/** What the kernels know of a product beside its tensors. */
export interface LinearAttributes {
  weights: WeightAttributes[];
  /** The column of y at which each weight's columns begin. */
  begins: number[];
  /** Columns of y. */
  width: number;
  /** Whether weight i reads block i of x's columns, rather than all. */
  blocks: boolean;
  scale: number;
}

/** The product with one of the weights: which columns of x it reads, and which of y it makes. */
export interface Part extends WeightAttributes {
  /** The weight's name among the kernel's inputs. */
  name: string;
  x: number;
  y: number;
}

/** TensorFlow.js saves inputs by a fixed list of names, so the product with two or three weights is another kernel. */
export const MOST_WEIGHTS = 3;

export const kernelName = (weights: number) => (weights === 1 ? 'Linear' : `Linear${weights}`);

export const weightNames = (count: number) => Array.from({ length: count }, (_, i) => `w${i}`);

export function partsOf({ weights, begins, blocks }: LinearAttributes): Part[] {
  return weights.map(({ format, shape }, i) => ({
    name: `w${i}`,
    format,
    shape,
    x: blocks ? i * shape[1] : 0,
    y: begins[i] as number,
  }));
}

/** Columns of x. */
export function inputWidth({ weights, blocks }: LinearAttributes): number {
  const depth = (weights[0] as WeightAttributes).shape[1];
  return blocks ? weights.length * depth : depth;
}

/** One weight's gradient: which columns of dy and of x it is made of. */
export interface WeightGradientAttributes {
  shape: [number, number];
  x: number;
  y: number;
  scale: number;
}

export type LinearInputs = { x: TensorInfo; addend?: TensorInfo } & Record<string, TensorInfo>;
