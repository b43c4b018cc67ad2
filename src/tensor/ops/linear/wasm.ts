import type { TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { currentHeap } from '../../wasm/current.ts';
import { packedWeight, packedFloats } from '../../wasm/packed.ts';
import { registerLinearGradient } from './gradient.ts';

/** Most floats of B that are packed at one time: a head of 262,144 × 640 would take 671 MB at once. */
const PACKED_FLOATS = 4 * 1024 * 1024;

/** C[m,n] (+)= A·B with either side transposed by its strides; see kernels/gemm.c. */
function multiply(
  a: { address: number; rowStride: number; columnStride: number },
  b: { address: number; rowStride: number; columnStride: number },
  size: { m: number; n: number; k: number },
): TensorInfo {
  const heap = currentHeap();
  const { m, n, k } = size;
  const out = heap.allocate([m, n]);
  const columns = Math.min(n, Math.max(8, Math.floor(PACKED_FLOATS / k / 8) * 8));
  const packed = heap.scratch(packedFloats(k, columns));
  for (let j = 0; j < n; j += columns) {
    const width = Math.min(columns, n - j);
    heap.kernels.pack(b.address + j * b.columnStride * 4, b.rowStride, b.columnStride, packed, k, width);
    const c = heap.address(out) + j * 4;
    heap.kernels.gemm(a.address, a.rowStride, a.columnStride, packed, c, n, m, width, k, 0);
  }
  return out;
}

function shape2(tensor: TensorInfo): [number, number] {
  return tensor.shape as [number, number];
}

export function registerLinear(): void {
  registerFused('Linear', 'wasm', ({ inputs }) => {
    const { x, w } = inputs as { x: TensorInfo; w: TensorInfo };
    const heap = currentHeap();
    const [m, k] = shape2(x);
    const [n] = shape2(w);
    const prepared = packedWeight(w.dataId);
    if (prepared === undefined) {
      const a = { address: heap.address(x), rowStride: k, columnStride: 1 };
      return multiply(a, { address: heap.address(w), rowStride: 1, columnStride: k }, { m, n, k });
    }
    const out = heap.allocate([m, n]);
    heap.kernels.gemm(heap.address(x), k, 1, prepared, heap.address(out), n, m, n, k, 0);
    return out;
  });

  // dx = dy · W
  registerFused('LinearInputGradient', 'wasm', ({ inputs }) => {
    const { dy, w } = inputs as { dy: TensorInfo; w: TensorInfo };
    const heap = currentHeap();
    const [m, k] = shape2(dy);
    const [, n] = shape2(w);
    const a = { address: heap.address(dy), rowStride: k, columnStride: 1 };
    return multiply(a, { address: heap.address(w), rowStride: n, columnStride: 1 }, { m, n, k });
  });

  // dW = dyᵀ · x
  registerFused('LinearWeightGradient', 'wasm', ({ inputs }) => {
    const { dy, x } = inputs as { dy: TensorInfo; x: TensorInfo };
    const heap = currentHeap();
    const [k, m] = shape2(dy);
    const [, n] = shape2(x);
    const a = { address: heap.address(dy), rowStride: 1, columnStride: m };
    return multiply(a, { address: heap.address(x), rowStride: n, columnStride: 1 }, { m, n, k });
  });

  registerLinearGradient();
}
