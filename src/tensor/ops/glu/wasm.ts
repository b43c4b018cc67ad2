import type { Tensor2D, TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused, registerFusedGradient, runKernel } from '../../kernel.ts';
import { currentHeap } from '../../wasm/current.ts';
import type { Activation } from './op.ts';

interface Attributes {
  activation: Activation;
}

const count = (tensor: TensorInfo) => tensor.shape.reduce((product, size) => product * size, 1);

const KERNEL = { silu: 'swiglu', gelu: 'geglu' } as const;

export function registerGlu(): void {
  registerFused<Attributes>('Glu', 'wasm', ({ inputs, attributes: { activation } }) => {
    const { gate, up } = inputs as { gate: TensorInfo; up: TensorInfo };
    const heap = currentHeap();
    const y = heap.allocate(gate.shape);
    heap.kernels[KERNEL[activation]](heap.address(gate), heap.address(up), heap.address(y), count(gate));
    return y;
  });

  registerFused<Attributes>('GluGateGradient', 'wasm', ({ inputs, attributes: { activation } }) => {
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

  registerFused<Attributes>('GluUpGradient', 'wasm', ({ inputs, attributes: { activation } }) => {
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

  registerFusedGradient<Attributes>('Glu', { inputs: ['gate', 'up'] }, (dy, saved, attributes) => {
    const [gate, up] = saved as [Tensor2D, Tensor2D];
    return {
      gate: () => runKernel('GluGateGradient', { gate, up, dy }, attributes),
      up: () => runKernel('GluUpGradient', { gate, dy }, attributes),
    };
  });
}
