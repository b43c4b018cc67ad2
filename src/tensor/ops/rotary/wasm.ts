import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused, registerFusedGradient, runKernel } from '../../kernel.ts';
import { currentHeap } from '../../wasm/current.ts';

interface Attributes {
  /** −1 turns back: the gradient of a rotation is the inverse rotation. */
  sign: 1 | -1;
}

export function registerRotary(): void {
  registerFused<Attributes>('Rotary', 'wasm', ({ inputs, attributes: { sign } }) => {
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
      size,
      sign,
    );
    return y;
  });

  registerFusedGradient<Attributes>('Rotary', { inputs: ['positions', 'table'] }, (dy, saved, { sign }) => {
    const [positions, table] = saved as [Tensor, Tensor];
    const fixed = () => {
      throw new Error('Positions and the rotary table have no gradient.');
    };
    return {
      x: () => runKernel('Rotary', { x: dy, positions, table }, { sign: -sign }),
      positions: fixed,
      table: fixed,
    };
  });
}
