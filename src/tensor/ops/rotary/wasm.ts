import type { TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { currentHeap } from '../../wasm/current.ts';
import { registerRotaryGradient, type RotaryAttributes } from './gradient.ts';

export function registerRotary(): void {
  registerFused<RotaryAttributes>('Rotary', 'wasm', ({ inputs, attributes: { sign, heads } }) => {
    const { x, positions, table } = inputs as { x: TensorInfo; positions: TensorInfo; table: TensorInfo };
    const heap = currentHeap();
    const [rows, width] = x.shape as [number, number];
    const [, size] = table.shape as [number, number];
    const y = heap.allocate([rows, width]);
    heap.kernels.rotary(
      heap.address(x),
      heap.address(positions),
      heap.address(table),
      heap.address(y),
      rows,
      width / size,
      heads,
      size,
      sign,
    );
    return y;
  });

  registerRotaryGradient();
}
