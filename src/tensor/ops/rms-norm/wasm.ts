import type { TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { currentHeap } from '../../wasm/current.ts';
import { registerRmsNormGradient, type RmsNormAttributes } from './gradient.ts';

export function registerRmsNorm(): void {
  registerFused<RmsNormAttributes>('RmsNorm', 'wasm', ({ inputs, attributes: { epsilon } }) => {
    const { x, w } = inputs as { x: TensorInfo; w: TensorInfo };
    const heap = currentHeap();
    const [rows, width] = x.shape as [number, number];
    const y = heap.allocate([rows, width]);
    heap.kernels.rms_norm(heap.address(x), heap.address(w), heap.address(y), rows, width, epsilon);
    return y;
  });

  registerFused<RmsNormAttributes>('RmsNormInputGradient', 'wasm', ({ inputs, attributes: { epsilon } }) => {
    const { x, w, dy } = inputs as { x: TensorInfo; w: TensorInfo; dy: TensorInfo };
    const heap = currentHeap();
    const [rows, width] = x.shape as [number, number];
    const dx = heap.allocate([rows, width]);
    heap.kernels.rms_norm_input_gradient(
      heap.address(x),
      heap.address(w),
      heap.address(dy),
      heap.address(dx),
      rows,
      width,
      epsilon,
    );
    return dx;
  });

  registerFused<RmsNormAttributes>('RmsNormWeightGradient', 'wasm', ({ inputs, attributes: { epsilon } }) => {
    const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
    const heap = currentHeap();
    const [rows, width] = x.shape as [number, number];
    const dw = heap.allocate([width]);
    heap.kernels.rms_norm_weight_gradient(
      heap.address(x),
      heap.address(dy),
      heap.address(dw),
      rows,
      width,
      epsilon,
    );
    return dw;
  });

  registerRmsNormGradient();
}
