import type { TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { currentHeap } from '../../wasm/current.ts';
import { registerGluGradient, type GluAttributes } from './gradient.ts';

const count = (tensor: TensorInfo) => tensor.shape.reduce((product, size) => product * size, 1);

const KERNEL = { silu: 'swiglu', gelu: 'geglu' } as const;

export function registerGlu(): void {
  registerFused<GluAttributes>('Glu', 'wasm', ({ inputs, attributes: { activation } }) => {
    const { gate, up } = inputs as { gate: TensorInfo; up: TensorInfo };
    const heap = currentHeap();
    const y = heap.allocate(gate.shape);
    heap.kernels[KERNEL[activation]](heap.address(gate), heap.address(up), heap.address(y), count(gate));
    return y;
  });

  registerFused<GluAttributes>('GluGateGradient', 'wasm', ({ inputs, attributes: { activation } }) => {
    const { gate, up, dy } = inputs as { gate: TensorInfo; up: TensorInfo; dy: TensorInfo };
    const heap = currentHeap();
    const dgate = heap.allocate(gate.shape);
    heap.kernels[`${KERNEL[activation]}_gate_gradient`](
      heap.address(gate),
      heap.address(up),
      heap.address(dy),
      heap.address(dgate),
      count(gate),
    );
    return dgate;
  });

  registerFused<GluAttributes>('GluUpGradient', 'wasm', ({ inputs, attributes: { activation } }) => {
    const { gate, dy } = inputs as { gate: TensorInfo; dy: TensorInfo };
    const heap = currentHeap();
    const dup = heap.allocate(gate.shape);
    heap.kernels[`${KERNEL[activation]}_up_gradient`](
      heap.address(gate),
      heap.address(dy),
      heap.address(dup),
      count(gate),
    );
    return dup;
  });

  registerGluGradient();
}
