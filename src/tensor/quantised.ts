/**
 * Weights that stay on the GPU as they were published: 16-bit floats, or GGUF's blocks of quantised numbers
 * (ggml/src/ggml-common.h of llama.cpp). The bits are kept; only their order changes, because published blocks have
 * sizes such as 18 or 210 bytes and a shader reads 32-bit words.
 *
 * Layout, for a matrix whose elements are numbered row by row. Four planes follow each other in one array of words:
 *
 *   low     the low bits of every element in order: 16, 8 or 4 bits each, the first element in the lowest bits
 *   high    where there are 5 or 6 bits: the upper 1 or 2 bits of every element in order
 *   scale   of every block of 32 (q6_k: 16) elements; two or four to a word, see the table
 *   super   K-quants only: of every block of 256 elements; q4_k and q5_k (d, dmin) as two halves, q6_k d alone, two to a word
 *
 *   format    low high scale                        value
 *   f16 bf16   16   -  -                            the number itself
 *   q8_0        8   -  f16 d                        d · q, q signed
 *   q4_0        4   -  f16 d                        d · (q − 8)
 *   q5_0        4   1  f16 d                        d · (q − 16)
 *   q4_k        4   -  6-bit s, 6-bit m in a byte each   d · s · q − dmin · m
 *   q5_k        4   1  the same                     d · s · q − dmin · m
 *   q6_k        4   2  i8 s, blocks of 16           d · s · (q − 32)
 *
 * This costs what the file costs, but for q4_k and q5_k (4 bytes more in 144 or 176), whose scales unfold from 6 bits.
 */
export type PackedFormat = 'f16' | 'bf16' | 'q8_0' | 'q4_0' | 'q4_k' | 'q5_0' | 'q5_k' | 'q6_k';

interface FormatFacts {
  /** Elements of a published block, and its bytes. */
  block: number;
  bytes: number;
  lowBits: 16 | 8 | 4;
  highBits: 0 | 1 | 2;
  /** Elements that share a scale (0: none), and the bits of one scale entry. */
  scaled: 0 | 16 | 32;
  scaleBits: 8 | 16;
  /** Bits of one entry for each 256 elements. */
  superBits: 0 | 16 | 32;
}

const FACTS: Record<PackedFormat, FormatFacts> = {
  f16: { block: 1, bytes: 2, lowBits: 16, highBits: 0, scaled: 0, scaleBits: 16, superBits: 0 },
  bf16: { block: 1, bytes: 2, lowBits: 16, highBits: 0, scaled: 0, scaleBits: 16, superBits: 0 },
  q8_0: { block: 32, bytes: 34, lowBits: 8, highBits: 0, scaled: 32, scaleBits: 16, superBits: 0 },
  q4_0: { block: 32, bytes: 18, lowBits: 4, highBits: 0, scaled: 32, scaleBits: 16, superBits: 0 },
  q5_0: { block: 32, bytes: 22, lowBits: 4, highBits: 1, scaled: 32, scaleBits: 16, superBits: 0 },
  q4_k: { block: 256, bytes: 144, lowBits: 4, highBits: 0, scaled: 32, scaleBits: 16, superBits: 32 },
  q5_k: { block: 256, bytes: 176, lowBits: 4, highBits: 1, scaled: 32, scaleBits: 16, superBits: 32 },
  q6_k: { block: 256, bytes: 210, lowBits: 4, highBits: 2, scaled: 16, scaleBits: 8, superBits: 16 },
};

export function isPackedFormat(format: string): format is PackedFormat {
  return format in FACTS;
}

/** Elements of a published block: a row must hold whole blocks. The shaders read four elements at a time. */
export function rowMultiple(format: PackedFormat): number {
  return Math.max(4, FACTS[format].block);
}

/** Where each plane begins, and the size of all, in words. */
export interface PackedLayout {
  high: number;
  scale: number;
  super: number;
  words: number;
}

export function packedLayout(format: PackedFormat, elements: number): PackedLayout {
  const { lowBits, highBits, scaled, scaleBits, superBits } = FACTS[format];
  const words = (count: number, bits: number) => Math.ceil((count * bits) / 32);
  const high = words(elements, lowBits);
  const scale = high + words(elements, highBits);
  const superAt = scale + (scaled === 0 ? 0 : words(elements / scaled, scaleBits));
  return { high, scale, super: superAt, words: superAt + words(elements / 256, superBits) };
}

/** Bytes on the device of a weight in this format. */
export function packedBytes(format: PackedFormat, elements: number): number {
  return packedLayout(format, elements).words * 4;
}

/** Published blocks that do not make up a sound matrix. */
export class PackedWeightError extends Error {
  override name = 'PackedWeightError';
}

/**
 * Brings published bytes into the layout above.
 * @param raw the tensor's bytes as in the file, little-endian
 * @throws PackedWeightError when bytes are missing, a row does not hold whole blocks, or a scale is not finite
 */
export function packBlocks(
  raw: Uint8Array,
  format: PackedFormat,
  [rows, width]: [number, number],
): Int32Array {
  const { block, bytes, lowBits } = FACTS[format];
  const elements = rows * width;
  if (width % rowMultiple(format) !== 0 || rows % 4 !== 0) {
    throw new PackedWeightError(
      `A ${rows} × ${width} matrix does not divide into four rows of ${rowMultiple(format)} numbers in ${format}.`,
    );
  }
  if (raw.byteLength !== (elements / block) * bytes) {
    throw new PackedWeightError(
      `A ${rows} × ${width} matrix in ${format} has ${(elements / block) * bytes} bytes, not ${raw.byteLength}.`,
    );
  }
  const layout = packedLayout(format, elements);
  const words = new Int32Array(layout.words);
  const out = new Uint8Array(words.buffer);
  if (lowBits === 16) {
    out.set(raw);
    checkFinite(new Uint16Array(words.buffer), format === 'f16' ? 0x7c00 : 0x7f80);
    return words;
  }
  const planes: Planes = {
    low: out.subarray(0, layout.high * 4),
    high: out.subarray(layout.high * 4, layout.scale * 4),
    scale: out.subarray(layout.scale * 4, layout.super * 4),
    super: out.subarray(layout.super * 4),
  };
  const unfold = UNFOLD[format as keyof typeof UNFOLD];
  for (let i = 0; i < elements / block; i++) unfold(raw.subarray(i * bytes, (i + 1) * bytes), i, planes);
  const halves = FACTS[format].superBits > 0 ? planes.super : planes.scale;
  checkFinite(new Uint16Array(words.buffer, halves.byteOffset, halves.byteLength / 2), 0x7c00);
  return words;
}

/** A half (or bfloat16) whose exponent bits are all set is NaN or infinity. */
function checkFinite(halves: Uint16Array, exponent: number): void {
  for (let i = 0; i < halves.length; i++) {
    if ((halves[i]! & exponent) === exponent) throw new PackedWeightError('A weight is NaN or infinite.');
  }
}

interface Planes {
  low: Uint8Array;
  high: Uint8Array;
  scale: Uint8Array;
  super: Uint8Array;
}

type Unfold = (block: Uint8Array, index: number, planes: Planes) => void;

const UNFOLD: Record<Exclude<PackedFormat, 'f16' | 'bf16'>, Unfold> = {
  // d, 32 signed bytes
  q8_0: (block, i, { low, scale }) => {
    scale.set(block.subarray(0, 2), i * 2);
    low.set(block.subarray(2), i * 32);
  },
  // d, 16 bytes: byte j holds elements j and j + 16
  q4_0: (block, i, { low, scale }) => {
    scale.set(block.subarray(0, 2), i * 2);
    splitNibbles(block.subarray(2), low, i * 16);
  },
  // d, 32 high bits in order, 16 bytes as in q4_0
  q5_0: (block, i, { low, high, scale }) => {
    scale.set(block.subarray(0, 2), i * 2);
    high.set(block.subarray(2, 6), i * 4);
    splitNibbles(block.subarray(6), low, i * 16);
  },
  // d, dmin, 12 bytes of scales, then for each 64 elements 32 bytes: byte j holds elements j and j + 32
  q4_k: (block, i, { low, scale, super: top }) => {
    top.set(block.subarray(0, 4), i * 4);
    unfoldScales(block.subarray(4, 16), scale, i * 16);
    for (let part = 0; part < 4; part++) {
      splitNibbles(block.subarray(16 + 32 * part, 48 + 32 * part), low, i * 128 + 32 * part);
    }
  },
  // d, dmin, scales as in q4_k, 32 bytes of high bits (bit b of byte j belongs to element 32·b + j), bytes as in q4_k
  q5_k: (block, i, { low, high, scale, super: top }) => {
    top.set(block.subarray(0, 4), i * 4);
    unfoldScales(block.subarray(4, 16), scale, i * 16);
    for (let element = 0; element < 256; element++) {
      const bit = (block[16 + (element % 32)]! >> (element >> 5)) & 1;
      high[i * 32 + (element >> 3)]! |= bit << (element & 7);
    }
    for (let part = 0; part < 4; part++) {
      splitNibbles(block.subarray(48 + 32 * part, 80 + 32 * part), low, i * 128 + 32 * part);
    }
  },
  // 128 bytes of low bits, 64 of high bits, 16 signed scales, d. Half h, quarter t: element 128·h + 32·t + j has its low
  // bits in byte 64·h + 32·(t mod 2) + j (upper half of the byte where t ≥ 2), its high bits at 2·t in byte 32·h + j.
  q6_k: (block, i, { low, high, scale, super: top }) => {
    top.set(block.subarray(208, 210), i * 2);
    scale.set(block.subarray(192, 208), i * 16);
    for (let element = 0; element < 256; element++) {
      const [half, quarter, j] = [element >> 7, (element >> 5) & 3, element & 31];
      const nibble = (block[64 * half + 32 * (quarter & 1) + j]! >> (quarter & 2 ? 4 : 0)) & 15;
      const bits = (block[128 + 32 * half + j]! >> (2 * quarter)) & 3;
      low[i * 128 + (element >> 1)]! |= nibble << (4 * (element & 1));
      high[i * 64 + (element >> 2)]! |= bits << (2 * (element & 3));
    }
  },
};

/** Byte j holds elements j and j + n; afterwards every byte holds two neighbours. */
function splitNibbles(bytes: Uint8Array, low: Uint8Array, at: number): void {
  const half = bytes.length / 2;
  for (let j = 0; j < half; j++) {
    const [a, b] = [bytes[2 * j]!, bytes[2 * j + 1]!];
    low[at + j] = (a & 15) | ((b & 15) << 4);
    low[at + half + j] = (a >> 4) | (b & 0xf0);
  }
}

/** Eight 6-bit scales and eight 6-bit minima in 12 bytes (get_scale_min_k4 of ggml-quants.c) → 16 bytes, in pairs. */
function unfoldScales(packed: Uint8Array, scale: Uint8Array, at: number): void {
  for (let j = 0; j < 4; j++) {
    const [s, m, rest] = [packed[j]!, packed[j + 4]!, packed[j + 8]!];
    scale[at + 2 * j] = s & 63;
    scale[at + 2 * j + 1] = m & 63;
    scale[at + 2 * j + 8] = (rest & 15) | ((s >> 6) << 4);
    scale[at + 2 * j + 9] = (rest >> 4) | ((m >> 6) << 4);
  }
}

/**
 * WGSL that reads matrices among a program's inputs, by their names: `fn read_w(element : i32) -> vec4<f32>` gives four
 * neighbouring elements of `w`, element a multiple of 4. Needs the planes' beginnings as uniforms (`planeUniforms`).
 *
 * Halves are widened by hand: unpack2x16float may flush subnormals (WGSL 15.7.2), and a scale of small weights often
 * is one: d = 0.004 / 127.
 */
export function weightReaders(formats: Record<string, PackedFormat | 'f32'>): string {
  return (
    WIDEN +
    Object.entries(formats)
      .map(([name, format]) => weightReader(name, format))
      .join('')
  );
}

const WIDEN = `
  fn widen(bits : u32) -> f32 {
    let h = bits & 0x7fffu;
    let size = select(bitcast<f32>((h << 13u) + 0x38000000u), f32(h) * 5.9604644775390625e-8, h < 0x400u);
    return select(size, -size, (bits & 0x8000u) != 0u);
  }`;

function weightReader(name: string, format: PackedFormat | 'f32'): string {
  if (format === 'f32') {
    return `
    fn read_${name}(element : i32) -> vec4<f32> { return ${name}[element / 4]; }`;
  }
  return `
    fn word_${name}(i : i32) -> u32 { return bitcast<u32>(${name}[i]); }
    fn half_${name}(plane : i32, i : i32) -> f32 { return widen(word_${name}(plane + i / 2) >> (u32(i & 1) * 16u)); }
    fn read_${name}(element : i32) -> vec4<f32> { ${READERS[format](name)} }`;
}

const nibbles = (w: string) => `
  let e = u32(element);
  var q = vec4<i32>((vec4<u32>(word_${w}(element / 8) >> ((e & 4u) * 4u)) >> vec4<u32>(0u, 4u, 8u, 12u)) & vec4<u32>(15u));`;
const fifthBit = (w: string) => `
  q += vec4<i32>(((vec4<u32>(word_${w}(uniforms.${w}_high + element / 32) >> (e & 31u)) >> vec4<u32>(0u, 1u, 2u, 3u)) & vec4<u32>(1u)) << vec4<u32>(4u));`;
const scaleAndMinimum = (w: string) => `
  let top = word_${w}(uniforms.${w}_super + element / 256);
  let pair = word_${w}(uniforms.${w}_scale + element / 64) >> (((e >> 5u) & 1u) * 16u);
  return widen(top) * f32(pair & 63u) * vec4<f32>(q) - vec4<f32>(widen(top >> 16u) * f32((pair >> 8u) & 63u));`;

const READERS: Record<PackedFormat, (w: string) => string> = {
  f16: (w) => `
    let a = word_${w}(element / 2);
    let b = word_${w}(element / 2 + 1);
    return vec4<f32>(widen(a), widen(a >> 16u), widen(b), widen(b >> 16u));`,
  bf16: (w) => `
    let a = word_${w}(element / 2);
    let b = word_${w}(element / 2 + 1);
    return bitcast<vec4<f32>>(vec4<u32>(a << 16u, a & 0xffff0000u, b << 16u, b & 0xffff0000u));`,
  q8_0: (w) => `
    let q = (vec4<i32>(${w}[element / 4]) << vec4<u32>(24u, 16u, 8u, 0u)) >> vec4<u32>(24u);
    return half_${w}(uniforms.${w}_scale, element / 32) * vec4<f32>(q);`,
  q4_0: (w) =>
    `${nibbles(w)} return half_${w}(uniforms.${w}_scale, element / 32) * vec4<f32>(q - vec4<i32>(8));`,
  q5_0: (w) =>
    `${nibbles(w)} ${fifthBit(w)} return half_${w}(uniforms.${w}_scale, element / 32) * vec4<f32>(q - vec4<i32>(16));`,
  q4_k: (w) => `${nibbles(w)} ${scaleAndMinimum(w)}`,
  q5_k: (w) => `${nibbles(w)} ${fifthBit(w)} ${scaleAndMinimum(w)}`,
  q6_k: (w) => `${nibbles(w)}
    q += vec4<i32>(((vec4<u32>(word_${w}(uniforms.${w}_high + element / 16) >> ((e & 15u) * 2u)) >> vec4<u32>(0u, 2u, 4u, 6u)) & vec4<u32>(3u)) << vec4<u32>(4u));
    let scale = (${w}[uniforms.${w}_scale + element / 64] << ((3u - ((e >> 4u) & 3u)) * 8u)) >> 24u;
    return half_${w}(uniforms.${w}_super, element / 256) * f32(scale) * vec4<f32>(q - vec4<i32>(32));`,
};
