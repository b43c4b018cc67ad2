import type { TensorInfo } from '@tensorflow/tfjs-core';
import { adapterTable } from './adapter.ts';
import { dispatchFlat, dispatchSubgroups, dispatchTiles } from './program.ts';

/**
 * C[m, n] = scale · Σ over k of A[m, k] · B[k, n], whatever A and B are made of: the three products of a linear layer differ only
 * in how blocks of 4 × 4 are read. n is a multiple of four; a k that is not must read as zeros beyond its end in A.
 */
export interface Product {
  /** Must encode what is compiled into `functions`. */
  name: string;
  inputs: Record<string, TensorInfo>;
  /** Inputs that are read as vec4. */
  vectors: string[];
  m: number;
  n: number;
  k: number;
  scale: number;
  /** C is the columns of this matrix [m, width] from `offset` on, both multiples of four; the others stay as they are. */
  into: { matrix: TensorInfo; offset: number };
  /** What the product is added to: C as it is, or the same columns of the input `addend`. */
  add: 'nothing' | 'result' | 'addend';
  uniforms: Record<string, number>;
  /**
   * `fn a4(m : i32, k : i32) -> vec4<f32>`: A[m, k … k + 3]; m < M always.
   * `fn b4(k : i32, n : i32) -> mat4x4<f32>`: row i of the block is B[k + i, n … n + 3] (column i of WGSL's matrix).
   */
  functions: string;
}

/** Below this many rows there is nothing for a tile to share, and a tile of 32 would mostly stand empty. */
const FEW_ROWS = 16;

export function multiply(product: Product): void {
  if (adapterTable().product === 'lanes') byLanes(product);
  else if (product.m <= FEW_ROWS) byThreads(product);
  else byTiles(product);
}

const BEFORE = { nothing: '', result: 'result[at] + ', addend: 'addend[at] + ' };

function common(product: Product, way: string) {
  const { name, inputs, vectors, m, n, k, scale, into, add, uniforms, functions } = product;
  return {
    name: `${name} + ${add} ${way}`,
    inputs,
    vectors: [...vectors, 'result', 'addend'],
    uniforms: {
      m_: m,
      n_: n,
      k_: k,
      width_: into.matrix.shape[1] as number,
      offset_: into.offset,
      ...uniforms,
    },
    floats: { scale_: scale },
    functions: `${functions}
      fn keep(row : i32, column : i32, sum : vec4<f32>) {
        let at = (row * uniforms.width_ + uniforms.offset_ + column) / 4;
        result[at] = ${BEFORE[add]}uniforms.scale_ * sum;
      }`,
    output: into.matrix,
  };
}

/**
 * Four threads compute R rows of 16 columns, four columns each. A thread reads the rows of A whose number is its own
 * modulo four, and the others get them by broadcast: per step of four k, R + 16 numbers read a thread for 16 · R
 * multiply-adds.
 */
function byLanes(product: Product): void {
  const { m, n } = product;
  const rows = m <= 4 ? 4 : m <= 8 ? 8 : 16;
  const fours = Array.from({ length: rows / 4 }, (_, i) => i * 4);
  const all = Array.from({ length: rows }, (_, i) => i);
  dispatchSubgroups({
    ...common(product, `lanes ${rows}`),
    groups: Math.ceil(m / rows) * Math.ceil(n / 16),
    body: `
      let down = (uniforms.m_ + ${rows - 1}) / ${rows};
      let row = (group % down) * ${rows};
      let column = (group / down) * 16 + lane * 4;
      let last = uniforms.m_ - 1;
      let inside = min(column, uniforms.n_ - 4);
      ${all.map((i) => `var c${i} = vec4<f32>();`).join(' ')}
      for (var k = 0; k < uniforms.k_; k += 4) {
        let b = b4(k, inside);
        ${fours
          .map(
            (i) => `
        let own${i} = a4(min(row + ${i} + lane, last), k);
        ${[0, 1, 2, 3].map((j) => `c${i + j} += b * subgroupBroadcast(own${i}, ${j}u);`).join(' ')}`,
          )
          .join('')}
      }
      if (column < uniforms.n_) {
        ${all.map((i) => `if (row + ${i} <= last) { keep(row + ${i}, column, c${i}); }`).join(' ')}
      }`,
  });
}

/** 4 × 4 outputs a thread, no sharing. Neighbouring threads have neighbouring columns. */
function byThreads(product: Product): void {
  const { m, n } = product;
  dispatchFlat({
    ...common(product, 'threads'),
    threads: (Math.ceil(m / 4) * n) / 4,
    body: `
      let across = uniforms.n_ / 4;
      let row = (index / across) * 4;
      let column = (index % across) * 4;
      let last = uniforms.m_ - 1;
      var c = mat4x4<f32>();
      for (var k = 0; k < uniforms.k_; k += 4) {
        let b = b4(k, column);
        c[0] += b * a4(row, k);
        c[1] += b * a4(min(row + 1, last), k);
        c[2] += b * a4(min(row + 2, last), k);
        c[3] += b * a4(min(row + 3, last), k);
      }
      for (var i = 0; i < min(4, uniforms.m_ - row); i++) {
        keep(row + i, column, c[i]);
      }`,
  });
}

/** 32 × 32 outputs a workgroup of 8 × 8 threads; 32 k at a time pass through workgroup memory. */
function byTiles(product: Product): void {
  const { m, n } = product;
  dispatchTiles({
    ...common(product, 'tiles'),
    workgroups: [Math.ceil(n / 32), Math.ceil(m / 32)],
    shared: `
      var<workgroup> tileA : array<vec4<f32>, 256>;
      var<workgroup> tileB : array<mat4x4<f32>, 64>;`,
    // Thread (x, y) stages A[row 4y + 0 … 3, k 4x …] and B[k 4y …, column 4x …], and computes 4 × 4 outputs at (4y, 4x).
    body: `
      let x = i32(local % 8u);
      let y = i32(local / 8u);
      let row = i32(workgroup.y) * 32 + 4 * y;
      let column = i32(workgroup.x) * 32 + 4 * x;
      let last = uniforms.m_ - 1;
      var c = mat4x4<f32>();
      for (var begin = 0; begin < uniforms.k_; begin += 32) {
        let kA = begin + 4 * x;
        for (var i = 0; i < 4; i++) {
          var a = vec4<f32>();
          if (kA < uniforms.k_) { a = a4(min(row + i, last), kA); }
          tileA[(4 * y + i) * 8 + x] = a;
        }
        let kB = begin + 4 * y;
        var b = mat4x4<f32>();
        if (kB < uniforms.k_ && column < uniforms.n_) { b = b4(kB, column); }
        tileB[y * 8 + x] = b;
        workgroupBarrier();
        for (var k = 0; k < 8; k++) {
          let block = tileB[k * 8 + x];
          for (var i = 0; i < 4; i++) { c[i] += block * tileA[(4 * y + i) * 8 + k]; }
        }
        workgroupBarrier();
      }
      if (column < uniforms.n_) {
        for (var i = 0; i < min(4, uniforms.m_ - row); i++) {
          keep(row + i, column, c[i]);
        }
      }`,
  });
}
