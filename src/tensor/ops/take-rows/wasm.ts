import type { Tensor1D, TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused, registerFusedGradient, runKernel } from '../../kernel.ts';
import { currentHeap } from '../../wasm/current.ts';

interface Attributes {
  height: number;
}

export function registerTakeRows(): void {
  registerFused<Attributes>('TakeRows', 'wasm', ({ inputs }) => {
    const { table, rows } = inputs as { table: TensorInfo; rows: TensorInfo };
    const heap = currentHeap();
    const [count] = rows.shape as [number];
    const [, width] = table.shape as [number, number];
    const out = heap.allocate([count, width]);
    heap.kernels.take_rows(heap.address(table), heap.address(rows), heap.address(out), count, width);
    return out;
  });

  registerFused<Attributes>('AddRows', 'wasm', ({ inputs, attributes }) => {
    const { dy, rows } = inputs as { dy: TensorInfo; rows: TensorInfo };
    const heap = currentHeap();
    const [count, width] = dy.shape as [number, number];
    const dtable = heap.allocateZeros([attributes.height, width]);
    heap.kernels.add_rows(heap.address(dy), heap.address(rows), heap.address(dtable), count, width);
    return dtable;
  });

  registerFusedGradient<Attributes>('TakeRows', { inputs: ['rows'] }, (dy, saved, attributes) => ({
    table: () => runKernel('AddRows', { dy, rows: saved[0] as Tensor1D }, attributes),
    rows: () => {
      throw new Error('Row numbers have no gradient.');
    },
  }));
}
