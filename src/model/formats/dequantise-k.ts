/**
 * ggml's K-quants: 256 weights a block in groups of 16 or 32, the groups' scales (and minima) quantised in their turn
 * with the block's two halves d and dmin (github.com/ggml-org/llama.cpp/pull/1684).
 */
import type { Dequantise } from './dequantiser.ts';

/** d, dmin, 12 bytes of scales, 128 bytes of two weights each: w = d·scale·q − dmin·min, groups of 32. */
export const dequantiseQ4K: Dequantise = (bytes, out, half) => {
  for (let block = 0, at = 0; at < out.length; block += 144, at += 256) {
    const [d, dmin] = [half(block), half(block + 2)];
    // Groups 2g and 2g + 1 share 32 bytes: lower halves, upper halves.
    for (let group = 0; group < 8; group++) {
      const scale = d * scaleOf(bytes, block + 4, group);
      const min = dmin * minOf(bytes, block + 4, group);
      const from = block + 16 + (group >> 1) * 32;
      const shift = (group & 1) * 4;
      const to = at + group * 32;
      for (let i = 0; i < 32; i++) out[to + i] = scale * ((bytes[from + i]! >> shift) & 15) - min;
    }
  }
};

/** As Q4_K, with 32 bytes of fifth bits between scales and weights: bit g of byte i belongs to weight i of group g. */
export const dequantiseQ5K: Dequantise = (bytes, out, half) => {
  for (let block = 0, at = 0; at < out.length; block += 176, at += 256) {
    const [d, dmin] = [half(block), half(block + 2)];
    for (let group = 0; group < 8; group++) {
      const scale = d * scaleOf(bytes, block + 4, group);
      const min = dmin * minOf(bytes, block + 4, group);
      const from = block + 48 + (group >> 1) * 32;
      const shift = (group & 1) * 4;
      const to = at + group * 32;
      for (let i = 0; i < 32; i++) {
        const fifth = ((bytes[block + 16 + i]! >> group) & 1) << 4;
        out[to + i] = scale * (((bytes[from + i]! >> shift) & 15) | fifth) - min;
      }
    }
  }
};

/** Eight scales and eight minima of six bits in twelve bytes: the first four of each lie whole, the rest is split. */
function scaleOf(bytes: Uint8Array, at: number, group: number): number {
  if (group < 4) return bytes[at + group]! & 63;
  return (bytes[at + group + 4]! & 15) | ((bytes[at + group - 4]! >> 6) << 4);
}

function minOf(bytes: Uint8Array, at: number, group: number): number {
  if (group < 4) return bytes[at + group + 4]! & 63;
  return (bytes[at + group + 4]! >> 4) | ((bytes[at + group]! >> 6) << 4);
}

/**
 * 128 bytes of lower four bits, 64 bytes of upper two, 16 signed scales, d: w = d·scale·(q − 32), groups of 16. Each
 * half of the block takes 64 + 32 bytes; within it a byte of upper bits serves weights i, 32 + i, 64 + i, 96 + i.
 */
export const dequantiseQ6K: Dequantise = (bytes, out, half) => {
  const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let block = 0, at = 0; at < out.length; block += 210, at += 256) {
    const d = half(block + 208);
    for (let group = 0; group < 16; group++) {
      const scale = d * signed[block + 192 + group]!;
      const second = group >> 3; // which half of the block
      const quarter = (group & 7) >> 1; // which 32 of its 128 weights
      const offset = (group & 1) * 16;
      const low = block + second * 64 + (quarter & 1) * 32 + offset;
      const lowShift = (quarter >> 1) * 4;
      const high = block + 128 + second * 32 + offset;
      const to = at + group * 16;
      for (let i = 0; i < 16; i++) {
        const upper = ((bytes[high + i]! >> (quarter * 2)) & 3) << 4;
        out[to + i] = scale * ((((bytes[low + i]! >> lowShift) & 15) | upper) - 32);
      }
    }
  }
};
