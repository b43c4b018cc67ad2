/**
 * Stored weights to float32. A quantised block holds small integers and the scale that they share; the formulas are
 * those of ggml's reference (github.com/ggml-org/ggml, src/ggml-quants.c, dequantize_row_*; layouts in ggml-common.h).
 * Half × scale × integer takes at most 22 bits, so every product is exact in float32 and the results equal ggml's bit for bit.
 */
import { dequantiseQ4K, dequantiseQ5K, dequantiseQ6K } from './dequantise-k.ts';
import { halfTable } from './half.ts';
import { BLOCKS, WeightFileError, type WeightFormat } from './weight-source.ts';
import type { Dequantise } from './dequantiser.ts';

const QUANTISED: Readonly<Record<Exclude<WeightFormat, 'f32' | 'f16' | 'bf16'>, Dequantise>> = {
  q8_0: dequantiseQ8,
  q4_0: dequantiseQ4,
  q5_0: dequantiseQ5,
  q4_k: dequantiseQ4K,
  q5_k: dequantiseQ5K,
  q6_k: dequantiseQ6K,
};

/**
 * @returns the values of whole blocks of `format`; float32 bytes that are aligned are viewed, not copied
 * @throws WeightFileError when the bytes are no whole number of blocks
 */
export function dequantise(bytes: Uint8Array, format: WeightFormat): Float32Array {
  const block = BLOCKS[format];
  if (bytes.length % block.bytes !== 0)
    throw new WeightFileError(`${bytes.length} bytes are no whole number of ${format} blocks.`);
  if (format === 'f32') return new Float32Array(...words(bytes, 4));
  if (format === 'f16') return widenHalves(new Uint16Array(...words(bytes, 2)));
  if (format === 'bf16') return widenBrainFloats(new Uint16Array(...words(bytes, 2)));
  const out = new Float32Array((bytes.length / block.bytes) * block.values);
  const halves = halfTable();
  QUANTISED[format](bytes, out, (at) => halves[bytes[at]! | (bytes[at + 1]! << 8)]!);
  return out;
}

/** Arguments for a typed array over the bytes, copied where they do not begin on a multiple of `size`. */
function words(bytes: Uint8Array, size: number): [ArrayBuffer, number, number] {
  const { buffer, byteOffset, length } = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return [buffer as ArrayBuffer, byteOffset, length / size];
}

function widenHalves(halves: Uint16Array): Float32Array {
  const table = halfTable();
  const out = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) out[i] = table[halves[i]!]!;
  return out;
}

/** bfloat16 is the upper half of a float32. */
function widenBrainFloats(words: Uint16Array): Float32Array {
  const bits = new Uint32Array(words.length);
  for (let i = 0; i < words.length; i++) bits[i] = words[i]! << 16;
  return new Float32Array(bits.buffer);
}

/** d, then 32 signed bytes: w = d·q. */
function dequantiseQ8(bytes: Uint8Array, out: Float32Array, half: (at: number) => number): void {
  const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let block = 0, at = 0; at < out.length; block += 34, at += 32) {
    const d = half(block);
    for (let i = 0; i < 32; i++) out[at + i] = d * signed[block + 2 + i]!;
  }
}

/** d, then 16 bytes, weight i in the lower half of byte i and weight 16 + i in the upper: w = d·(q − 8). */
function dequantiseQ4(bytes: Uint8Array, out: Float32Array, half: (at: number) => number): void {
  for (let block = 0, at = 0; at < out.length; block += 18, at += 32) {
    const d = half(block);
    for (let i = 0; i < 16; i++) {
      const byte = bytes[block + 2 + i]!;
      out[at + i] = d * ((byte & 15) - 8);
      out[at + 16 + i] = d * ((byte >> 4) - 8);
    }
  }
}

/** d, 32 fifth bits in four bytes, then as Q4_0: w = d·(q − 16). */
function dequantiseQ5(bytes: Uint8Array, out: Float32Array, half: (at: number) => number): void {
  for (let block = 0, at = 0; at < out.length; block += 22, at += 32) {
    const d = half(block);
    const fifth =
      bytes[block + 2]! | (bytes[block + 3]! << 8) | (bytes[block + 4]! << 16) | (bytes[block + 5]! << 24);
    for (let i = 0; i < 16; i++) {
      const byte = bytes[block + 6 + i]!;
      out[at + i] = d * (((byte & 15) | (((fifth >> i) & 1) << 4)) - 16);
      out[at + 16 + i] = d * (((byte >> 4) | (((fifth >> (i + 16)) & 1) << 4)) - 16);
    }
  }
}

/** @throws WeightFileError when one of the values is NaN or infinite */
export function checkFinite(name: string, values: Float32Array): void {
  // 0·x is 0 for every number and NaN for NaN and ±∞: one addition per value, no branch.
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += 0 * values[i]!;
  if (sum !== 0) throw new WeightFileError(`Tensor "${name}" holds NaN or infinity.`);
}
