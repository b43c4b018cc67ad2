import type { Tensor2D, TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused, registerFusedGradient, runKernel } from '../../kernel.ts';
import { currentHeap } from '../../wasm/current.ts';

const count = (tensor: TensorInfo) => tensor.shape.reduce((product, size) => product * size, 1);

export function registerSwiglu(): void {
  registerFused('Swiglu', 'wasm', ({ inputs }) => {
    const { gate, up } = inputs as { gate: TensorInfo; up: TensorInfo };
    const heap = currentHeap();
    const y = heap.allocate(gate.shape);
    heap.kernels.swiglu(heap.address(gate), heap.address(up), heap.address(y), count(gate));
    return y;
  });

  registerFused('SwigluGateGradient', 'wasm', ({ inputs }) => {
    const { gate, up, dy } = inputs as { gate: TensorInfo; up: TensorInfo; dy: TensorInfo };
    const heap = currentHeap();
    const dgate = heap.allocate(gate.shape);
    heap.kernels.swiglu_gate_gradient(
      heap.address(gate),
      heap.address(up),
      heap.address(dy),
      heap.address(dgate),
      count(gate),
    );
    return dgate;
  });

  registerFused('SwigluUpGradient', 'wasm', ({ inputs }) => {
    const { gate, dy } = inputs as { gate: TensorInfo; dy: TensorInfo };
    const heap = currentHeap();
    const dup = heap.allocate(gate.shape);
    heap.kernels.swiglu_up_gradient(heap.address(gate), heap.address(dy), heap.address(dup), count(gate));
    return dup;
  });

  registerFusedGradient('Swiglu', { inputs: ['gate', 'up'] }, (dy, saved) => {
    const [gate, up] = saved as [Tensor2D, Tensor2D];
    return {
      gate: () => runKernel('SwigluGateGradient', { gate, up, dy }),
      up: () => runKernel('SwigluUpGradient', { gate, dy }),
    };
  });
}
