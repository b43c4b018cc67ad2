import type { TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { currentHeap } from '../../wasm/current.ts';
import { registerGluGradient, type GluAttributes } from './gradient.ts';

const KERNEL = { silu: 'swiglu', gelu: 'geglu' } as const;

export function registerGlu(): void {
  registerFused<GluAttributes>('Glu', 'wasm', ({ inputs, attributes: { activation } }) => {
    const { x } = inputs as { x: TensorInfo };
    const heap = currentHeap();
    const [rows, both] = x.shape as [number, number];
    const y = heap.allocate([rows, both / 2]);
    heap.kernels[KERNEL[activation]](heap.address(x), heap.address(y), rows, both / 2);
    return y;
  });

  registerFused<GluAttributes>('GluGradient', 'wasm', ({ inputs, attributes: { activation } }) => {
    const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo };
    const heap = currentHeap();
    const [rows, both] = x.shape as [number, number];
    const dx = heap.allocate([rows, both]);
    const [input, gradient, out] = [heap.address(x), heap.address(dy), heap.address(dx)];
    heap.kernels[`${KERNEL[activation]}_gradient`](input, gradient, out, rows, both / 2);
    return dx;
  });

  registerGluGradient();
}
