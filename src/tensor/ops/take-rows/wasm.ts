import type { TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { currentHeap } from '../../wasm/current.ts';
import { registerTakeRowsGradient, type TakeRowsAttributes } from './gradient.ts';

export function registerTakeRows(): void {
  registerFused<TakeRowsAttributes>('TakeRows', 'wasm', ({ inputs }) => {
    const { table, rows } = inputs as { table: TensorInfo; rows: TensorInfo };
    const heap = currentHeap();
    const [count] = rows.shape as [number];
    const [, width] = table.shape as [number, number];
    const out = heap.allocate([count, width]);
    heap.kernels.take_rows(heap.address(table), heap.address(rows), heap.address(out), count, width);
    return out;
  });

  registerFused<TakeRowsAttributes>('AddRows', 'wasm', ({ inputs, attributes }) => {
    const { dy, rows } = inputs as { dy: TensorInfo; rows: TensorInfo };
    const heap = currentHeap();
    const [count, width] = dy.shape as [number, number];
    const dtable = heap.allocateZeros([attributes.height, width]);
    heap.kernels.add_rows(heap.address(dy), heap.address(rows), heap.address(dtable), count, width);
    return dtable;
  });

  registerTakeRowsGradient();
}
