import type { Tensor1D, Tensor2D, TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused, registerFusedGradient, runKernel } from '../../kernel.ts';
import { currentHeap } from '../../wasm/current.ts';

interface Attributes {
  epsilon: number;
}

export function registerRmsNorm(): void {
  registerFused<Attributes>('RmsNorm', 'wasm', ({ inputs, attributes: { epsilon } }) => {
    const { x, w } = inputs as { x: TensorInfo; w: TensorInfo };
    const heap = currentHeap();
    const [rows, width] = x.shape as [number, number];
    const y = heap.allocate([rows, width]);
    heap.kernels.rms_norm(heap.address(x), heap.address(w), heap.address(y), rows, width, epsilon);
    return y;
  });

  registerFused<Attributes>('RmsNormInputGradient', 'wasm', ({ inputs, attributes: { epsilon } }) => {
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

  registerFused<Attributes>('RmsNormWeightGradient', 'wasm', ({ inputs, attributes: { epsilon } }) => {
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

  registerFusedGradient<Attributes>('RmsNorm', { inputs: ['x', 'w'] }, (dy, saved, attributes) => {
    const [x, w] = saved as [Tensor2D, Tensor1D];
    return {
      x: () => runKernel('RmsNormInputGradient', { x, w, dy }, attributes),
      w: () => runKernel('RmsNormWeightGradient', { x, dy }, attributes),
    };
  });
}
