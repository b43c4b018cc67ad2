import type { TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { currentHeap } from '../../wasm/current.ts';
import { packedWeight, packedFloats } from '../../wasm/packed.ts';
import {
  inputWidth,
  kernelName,
  MOST_WEIGHTS,
  partsOf,
  type LinearAttributes,
  type LinearInputs,
  type WeightGradientAttributes,
} from './attributes.ts';
import { registerLinearGradient } from './gradient.ts';

/** Most floats of B that are packed at one time: a head of 262,144 × 640 would take 671 MB at once. */
const PACKED_FLOATS = 4 * 1024 * 1024;

/** Where a matrix begins, and how far apart its neighbours are, in floats. */
interface Place {
  address: number;
  rowStride: number;
  columnStride: number;
}

interface Product {
  a: Place;
  b: Place;
  c: { address: number; rowStride: number };
  m: number;
  n: number;
  k: number;
  scale: number;
  /** Whether C holds something that the product is added to. */
  accumulate: boolean;
}

/** C[m,n] (+)= scale · A·B with either side transposed by its strides; see kernels/gemm.c. */
function multiply({ a, b, c, m, n, k, scale, accumulate }: Product): void {
  const heap = currentHeap();
  const columns = Math.min(n, Math.max(8, Math.floor(PACKED_FLOATS / k / 8) * 8));
  const packed = heap.scratch(packedFloats(k, columns));
  const add = accumulate ? 1 : 0;
  for (let j = 0; j < n; j += columns) {
    const width = Math.min(columns, n - j);
    heap.kernels.pack(b.address + j * b.columnStride * 4, b.rowStride, b.columnStride, packed, k, width);
    const out = c.address + j * 4;
    heap.kernels.gemm(
      a.address,
      a.rowStride,
      a.columnStride,
      packed,
      out,
      c.rowStride,
      m,
      width,
      k,
      add,
      scale,
    );
  }
}

const heightOf = (tensor: TensorInfo) => tensor.shape[0] as number;

/** Rows as they lie in memory, from a column on. */
function rowsFrom(tensor: TensorInfo, column: number, width: number): Place {
  return { address: currentHeap().address(tensor) + column * 4, rowStride: width, columnStride: 1 };
}

const transposed = ({ address, rowStride, columnStride }: Place): Place => ({
  address,
  rowStride: columnStride,
  columnStride: rowStride,
});

function forward({ x, addend, ...weights }: LinearInputs, attributes: LinearAttributes): TensorInfo {
  const heap = currentHeap();
  const { width, scale } = attributes;
  const depth = inputWidth(attributes);
  const m = heightOf(x);
  const out = heap.allocate([m, width]);
  if (addend) heap.floats(heap.address(out), m * width).set(heap.floats(heap.address(addend), m * width));
  for (const part of partsOf(attributes)) {
    const w = weights[part.name] as TensorInfo;
    const [n, k] = part.shape;
    const [a, c] = [rowsFrom(x, part.x, depth), rowsFrom(out, part.y, width)];
    const prepared = packedWeight(w.dataId);
    const add = addend !== undefined;
    if (prepared === undefined) {
      multiply({ a, b: transposed(rowsFrom(w, 0, k)), c, m, n, k, scale, accumulate: add });
    } else {
      heap.kernels.gemm(a.address, depth, 1, prepared, c.address, width, m, n, k, add ? 1 : 0, scale);
    }
  }
  return out;
}

function inputGradient(
  { dy, ...weights }: { dy: TensorInfo } & Record<string, TensorInfo>,
  attributes: LinearAttributes,
): TensorInfo {
  const { width, scale, blocks } = attributes;
  const depth = inputWidth(attributes);
  const m = heightOf(dy);
  const out = currentHeap().allocate([m, depth]);
  partsOf(attributes).forEach((part, i) => {
    const [k, n] = part.shape;
    const b = rowsFrom(weights[part.name] as TensorInfo, 0, n);
    const [a, c] = [rowsFrom(dy, part.y, width), rowsFrom(out, part.x, depth)];
    multiply({ a, b, c, m, n, k, scale, accumulate: i > 0 && !blocks });
  });
  return out;
}

export function registerLinear(): void {
  for (let count = 1; count <= MOST_WEIGHTS; count++) {
    registerFused<LinearAttributes>(kernelName(count), 'wasm', ({ inputs, attributes }) =>
      forward(inputs as LinearInputs, attributes),
    );
  }

  registerFused<LinearAttributes>('LinearInputGradient', 'wasm', ({ inputs, attributes }) =>
    inputGradient(inputs as { dy: TensorInfo } & Record<string, TensorInfo>, attributes),
  );

  registerFused<WeightGradientAttributes>('LinearWeightGradient', 'wasm', ({ inputs, attributes }) => {
    const { dy, x } = inputs as { dy: TensorInfo; x: TensorInfo };
    const [m, n] = attributes.shape;
    const out = currentHeap().allocate([m, n]);
    multiply({
      a: transposed(rowsFrom(dy, attributes.y, dy.shape[1] as number)),
      b: rowsFrom(x, attributes.x, x.shape[1] as number),
      c: rowsFrom(out, 0, n),
      m,
      n,
      k: heightOf(dy),
      scale: attributes.scale,
      accumulate: false,
    });
    return out;
  });

  registerLinearGradient();
}
