import type { TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { currentHeap } from '../../wasm/current.ts';
import { registerRmsNormGradient, type RmsNormAttributes } from './gradient.ts';

/** The sizes as the kernels take them: rows of a head each, how many make up a row of x, which of those are meant. */
function sizesOf(x: TensorInfo, { width, begin, end }: RmsNormAttributes) {
  const [rows, whole] = x.shape as [number, number];
  const heads = whole / width;
  return [rows * heads, width, heads, begin, end] as const;
}

export function registerRmsNorm(): void {
  registerFused<RmsNormAttributes>('RmsNorm', 'wasm', ({ inputs, attributes }) => {
    const { x, w } = inputs as { x: TensorInfo; w: TensorInfo };
    const heap = currentHeap();
    const y = heap.allocate(x.shape);
    const [from, weight, to] = [heap.address(x), heap.address(w), heap.address(y)];
    heap.kernels.rms_norm(from, weight, to, ...sizesOf(x, attributes), attributes.epsilon);
    return y;
  });

  registerFused<RmsNormAttributes>('RmsNormInputGradient', 'wasm', ({ inputs, attributes }) => {
    const { x, w, dy } = inputs as { x: TensorInfo; w: TensorInfo; dy: TensorInfo };
    const heap = currentHeap();
    const dx = heap.allocate(x.shape);
    heap.kernels.rms_norm_input_gradient(
      heap.address(x),
      heap.address(w),
      heap.address(dy),
      heap.address(dx),
      ...sizesOf(x, attributes),
      attributes.epsilon,
    );
    return dx;
  });

  registerFused<RmsNormAttributes>('RmsNormWeightGradient', 'wasm', ({ inputs, attributes }) => {
    const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
    const heap = currentHeap();
    const dw = heap.allocate([attributes.width]);
    const [input, gradient, out] = [heap.address(x), heap.address(dy), heap.address(dw)];
    heap.kernels.rms_norm_weight_gradient(
      input,
      gradient,
      out,
      ...sizesOf(x, attributes),
      attributes.epsilon,
    );
    return dw;
  });

  registerRmsNormGradient();
}
