/**
 * Whole safetensors files in memory: training checkpoints and adapters. Models are read tensor by tensor
 * (safetensors-source.ts).
 */
import { checkFinite, dequantise } from './dequantise.ts';
import { floatToHalf } from './half.ts';
import { LENGTH_BYTES, parseSafetensorsHeader, readHeaderLength } from './safetensors-header.ts';

/** A named array as this project holds it: always float32 once read. */
export interface NamedArray {
  shape: number[];
  data: Float32Array;
}

export type NamedArrays = Map<string, NamedArray>;

/**
 * @returns every tensor, converted to float32, and the header's string metadata
 * @throws SafetensorsError when the header does not describe the bytes exactly: gaps, overlaps, wrong sizes
 * @throws WeightFileError when a tensor holds NaN or infinity
 */
export function readSafetensors(buffer: ArrayBuffer): { arrays: NamedArrays; metadata: Map<string, string> } {
  const length = readHeaderLength(buffer, buffer.byteLength);
  const json = new Uint8Array(buffer, LENGTH_BYTES, length);
  const { entries, metadata } = parseSafetensorsHeader(json, buffer.byteLength);
  const arrays: NamedArrays = new Map();
  for (const { name, shape, format, begin, end } of entries) {
    const data = dequantise(new Uint8Array(buffer.slice(begin, end)), format);
    checkFinite(name, data);
    arrays.set(name, { shape, data });
  }
  return { arrays, metadata };
}

const BYTES = { F32: 4, F16: 2 };

/** Writes tensors in the order given, as F32 or rounded to F16. */
export function writeSafetensors(
  arrays: NamedArrays,
  options: { dtype?: 'F32' | 'F16'; metadata?: Record<string, string> } = {},
): ArrayBuffer {
  const dtype = options.dtype ?? 'F32';
  const header: Record<string, unknown> = options.metadata ? { __metadata__: options.metadata } : {};
  let offset = 0;
  for (const [name, { shape, data }] of arrays) {
    const end = offset + data.length * BYTES[dtype];
    header[name] = { dtype, shape, data_offsets: [offset, end] };
    offset = end;
  }
  // Padded with spaces so that the data start on a multiple of 8, as the reference writer does.
  const json = JSON.stringify(header);
  const text = new TextEncoder().encode(json.padEnd(Math.ceil(json.length / 8) * 8, ' '));
  const out = new ArrayBuffer(8 + text.length + offset);
  new DataView(out).setBigUint64(0, BigInt(text.length), true);
  new Uint8Array(out, 8).set(text);
  let at = 8 + text.length;
  for (const { data } of arrays.values()) {
    if (dtype === 'F32') new Float32Array(out, at, data.length).set(data);
    else new Uint16Array(out, at, data.length).set(Uint16Array.from(data, floatToHalf));
    at += data.length * BYTES[dtype];
  }
  return out;
}
