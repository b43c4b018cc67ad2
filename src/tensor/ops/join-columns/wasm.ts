import type { TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { currentHeap } from '../../wasm/current.ts';
import { registerJoinColumnsGradient, type Cut } from './gradient.ts';

export function registerJoinColumns(): void {
  registerFused('JoinColumns', 'wasm', ({ inputs }) => {
    const { a, b, c } = inputs as Record<'a' | 'b' | 'c', TensorInfo>;
    const heap = currentHeap();
    const rows = a.shape[0] as number;
    const widths = [a, b, c].map(({ shape }) => shape[1] as number) as [number, number, number];
    const out = heap.allocate([rows, widths[0] + widths[1] + widths[2]]);
    heap.kernels.join_columns(
      heap.address(a),
      heap.address(b),
      heap.address(c),
      heap.address(out),
      rows,
      ...widths,
    );
    return out;
  });

  registerFused<Cut>('CutColumns', 'wasm', ({ inputs, attributes: { offset, width } }) => {
    const { x } = inputs as { x: TensorInfo };
    const heap = currentHeap();
    const [rows, whole] = x.shape as [number, number];
    const out = heap.allocate([rows, width]);
    heap.kernels.cut_columns(heap.address(x), heap.address(out), rows, whole, offset, width);
    return out;
  });

  registerJoinColumnsGradient();
}
