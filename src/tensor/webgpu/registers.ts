/**
 * WGSL for a thread that keeps a head, or several, in vectors of four. Up to heads of 64 every vector is a variable of its
 * own: an array with a computed index does not stay in registers (on SwiftShader each access is a gather, on GPUs it spills).
 */
export interface HeadVectors {
  /** Declares a vector register file of zeros. */
  declare: (name: string) => string;
  /** Code for each vector: `at(name)` is the register, `c` its number in WGSL. */
  each: (body: (at: (name: string) => string, c: string) => string) => string;
}

const MOST_UNROLLED = 16;

export function headVectors(headSize: number): HeadVectors {
  const size = headSize / 4;
  if (size > MOST_UNROLLED) {
    return {
      declare: (name) => `var ${name} : array<vec4<f32>, ${size}>;`,
      each: (body) => `for (var c = 0; c < ${size}; c++) { ${body((name) => `${name}[c]`, 'c')} }`,
    };
  }
  const numbers = Array.from({ length: size }, (_, c) => c);
  return {
    declare: (name) => numbers.map((c) => `var ${name}${c} = vec4<f32>();`).join(' '),
    each: (body) => numbers.map((c) => `{ ${body((name) => `${name}${c}`, String(c))} }`).join('\n'),
  };
}
