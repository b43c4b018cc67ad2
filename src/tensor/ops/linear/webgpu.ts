import type { TensorInfo } from '@tensorflow/tfjs-core';
import { registerFused } from '../../kernel.ts';
import { weightReaders } from '../../quantised.ts';
import { adapterTable } from '../../webgpu/adapter.ts';
import { dispatchElements } from '../../webgpu/elements.ts';
import { multiply, type Product } from '../../webgpu/product.ts';
import { currentBackend } from '../../webgpu/program.ts';
import { planeUniforms } from '../../weight.ts';
import {
  inputWidth,
  kernelName,
  MOST_WEIGHTS,
  partsOf,
  type LinearAttributes,
  type LinearInputs,
  type Part,
  type WeightGradientAttributes,
} from './attributes.ts';
import { registerLinearGradient } from './gradient.ts';

/** y = x · Wᵀ sums over W's columns, dx = dy · W over its rows. */
type Direction = 'forward' | 'gradient';

/** A block of one W [width, depth], in the part's own rows and columns. */
function block({ name }: Part, direction: Direction): string {
  const rows = [0, 1, 2, 3].map((i) => `read_${name}(at + ${i} * uniforms.depth)`).join(', ');
  const [at, rowsOfB] =
    direction === 'forward'
      ? ['n * uniforms.depth + k', `transpose(mat4x4<f32>(${rows}))`]
      : ['k * uniforms.depth + n', `mat4x4<f32>(${rows})`];
  return `
  fn block_${name}(k : i32, n : i32) -> mat4x4<f32> {
    let at = ${at};
    return ${rowsOfB};
  }`;
}

/** All weights as one matrix: a column of y and one of x say in which of them a block lies, if in any. */
function choice(parts: Part[], direction: Direction): string {
  const [x, y] = direction === 'forward' ? ['k', 'n'] : ['n', 'k'];
  const chosen = parts.map(
    ({ name }) => `{
      let x = ${x} - uniforms.${name}_x;
      let y = ${y} - uniforms.${name}_y;
      if (x >= 0 && x < uniforms.depth && y >= 0 && y < uniforms.${name}_width) {
        return block_${name}(${direction === 'forward' ? 'x, y' : 'y, x'});
      }
    }`,
  );
  return `
  fn b4(k : i32, n : i32) -> mat4x4<f32> { ${chosen.join(' ')} return mat4x4<f32>(); }`;
}

const SOURCE = `
  fn a4(row : i32, k : i32) -> vec4<f32> { return source[(row * uniforms.sourceWidth + uniforms.sourceOffset + k) / 4]; }`;

/** What one dispatch multiplies by: some of the weights, and the columns of x and y that they belong to. */
interface Piece {
  parts: Part[];
  inputs: Record<string, TensorInfo>;
  begin: { x: number; y: number };
  size: { x: number; y: number };
  b4: () => string;
}

function alone(part: Part, weights: Record<string, TensorInfo>): Piece {
  const [width, depth] = part.shape;
  return {
    parts: [{ ...part, name: 'w' }],
    inputs: { w: weights[part.name] as TensorInfo },
    begin: part,
    size: { x: depth, y: width },
    b4: () => 'fn b4(k : i32, n : i32) -> mat4x4<f32> { return block_w(k, n); }',
  };
}

/** WGSL by its name: writing it anew for every dispatch would take longer than recording the dispatch. */
const written = new Map<string, string>();

/** The program that reads a piece's weights. */
function program({ parts, b4 }: Piece, direction: Direction) {
  const name = `Linear ${direction} ${parts.map((part) => `${part.name}:${part.format}`).join(' ')}`;
  const write = () => {
    const formats = Object.fromEntries(parts.map((part) => [part.name, part.format]));
    return [weightReaders(formats), ...parts.map((part) => block(part, direction)), b4(), SOURCE].join('');
  };
  const functions = written.get(name) ?? write();
  written.set(name, functions);
  const uniforms: Record<string, number> = {};
  for (const part of parts) {
    const places = { x: part.x, y: part.y, width: part.shape[0] };
    for (const [key, place] of Object.entries(places)) uniforms[`${part.name}_${key}`] = place;
    Object.assign(uniforms, planeUniforms(part.name, part));
  }
  const vectors = parts.filter(({ format }) => format === 'f32').map((part) => part.name);
  return { name, vectors: ['source', ...vectors], uniforms, functions };
}

/**
 * One dispatch for all weights: a step of a small model costs a GPU what its dispatches cost. SwiftShader would read all weights
 * where one is chosen, and a dispatch costs it little: there each weight has its own, which writes or adds to its columns.
 */
function multiplyParts(
  direction: Direction,
  source: TensorInfo,
  weights: Record<string, TensorInfo>,
  attributes: LinearAttributes,
  addend?: TensorInfo,
): TensorInfo {
  const { width, scale, blocks } = attributes;
  const [from, to] = direction === 'forward' ? (['x', 'y'] as const) : (['y', 'x'] as const);
  const size = { x: inputWidth(attributes), y: width };
  const rows = source.shape[0] as number;
  const parts = partsOf(attributes);
  const covered = parts.reduce((sum, { shape }) => sum + shape[0], 0) === width;
  const together = adapterTable().product === 'tiles' && (parts.length > 1 || !covered);
  const pieces = together
    ? [{ parts, inputs: weights, begin: { x: 0, y: 0 }, size, b4: () => choice(parts, direction) }]
    : parts.map((part) => alone(part, weights));
  const partial = addend !== undefined && !covered && !together;
  const matrix = partial ? copyOf(addend) : currentBackend().makeTensorInfo([rows, size[to]], 'float32');
  let add: Product['add'] = partial ? 'result' : addend ? 'addend' : 'nothing';
  for (const piece of pieces) {
    const { uniforms, ...compiled } = program(piece, direction);
    multiply({
      ...compiled,
      inputs: { source, ...piece.inputs, ...(add === 'addend' && addend && { addend }) },
      m: rows,
      n: piece.size[to],
      k: piece.size[from],
      scale,
      into: { matrix, offset: piece.begin[to] },
      add,
      uniforms: {
        ...uniforms,
        depth: parts[0]!.shape[1],
        sourceWidth: size[from],
        sourceOffset: piece.begin[from],
      },
    });
    if (direction === 'gradient' && !blocks) add = 'result';
  }
  return matrix;
}

const copyOf = (x: TensorInfo) =>
  dispatchElements({ name: 'Copy', inputs: { x }, body: 'result[index] = x[index];' });

/** dW[width, depth] = Σ dy[row, width] · x[row, depth] */
const WEIGHT_GRADIENT = `
  fn a4(n : i32, row : i32) -> vec4<f32> {
    return vec4<f32>(dyAt(row, n), dyAt(row + 1, n), dyAt(row + 2, n), dyAt(row + 3, n));
  }
  fn dyAt(row : i32, n : i32) -> f32 {
    if (row >= uniforms.k_) { return 0.0; }
    return dy[row * uniforms.dyWidth + uniforms.dyOffset + n];
  }
  fn b4(row : i32, depth : i32) -> mat4x4<f32> {
    let last = uniforms.k_ - 1;
    let rows = vec4<i32>(row, min(row + 1, last), min(row + 2, last), min(row + 3, last));
    let at = (rows * uniforms.xWidth + uniforms.xOffset + depth) / 4;
    return mat4x4<f32>(x[at.x], x[at.y], x[at.z], x[at.w]);
  }`;

export function registerLinearWebgpu(): void {
  for (let count = 1; count <= MOST_WEIGHTS; count++) {
    registerFused<LinearAttributes>(kernelName(count), 'webgpu', ({ inputs, attributes }) => {
      const { x, addend, ...weights } = inputs as LinearInputs;
      return multiplyParts('forward', x, weights, attributes, addend);
    });
  }

  registerFused<LinearAttributes>('LinearInputGradient', 'webgpu', ({ inputs, attributes }) => {
    const { dy, ...weights } = inputs as { dy: TensorInfo } & Record<string, TensorInfo>;
    return multiplyParts('gradient', dy, weights, attributes);
  });

  registerFused<WeightGradientAttributes>('LinearWeightGradient', 'webgpu', ({ inputs, attributes }) => {
    const { dy, x } = inputs as { dy: TensorInfo; x: TensorInfo };
    const [m, n] = attributes.shape;
    const matrix = currentBackend().makeTensorInfo([m, n], 'float32');
    multiply({
      name: 'LinearWeightGradient',
      inputs: { dy, x },
      vectors: ['x'],
      m,
      n,
      k: dy.shape[0] as number,
      scale: attributes.scale,
      into: { matrix, offset: 0 },
      add: 'nothing',
      uniforms: {
        dyWidth: dy.shape[1] as number,
        dyOffset: attributes.y,
        xWidth: x.shape[1] as number,
        xOffset: attributes.x,
      },
      functions: WEIGHT_GRADIENT,
    });
    return matrix;
  });

  registerLinearGradient();
}
