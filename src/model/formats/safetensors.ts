/**
 * The safetensors format (github.com/huggingface/safetensors): a little-endian u64 header length, a JSON header with
 * dtype, shape and data_offsets of each tensor, then the bytes. Read strictly: a file comes from anywhere.
 */

/** A named array as this project holds it: always float32 once read. */
export interface NamedArray {
  shape: number[];
  data: Float32Array;
}

export type NamedArrays = Map<string, NamedArray>;

/** A file that is no sound safetensors file, with the reason in words. */
export class SafetensorsError extends Error {
  override name = 'SafetensorsError';
}

type Dtype = 'F32' | 'F16' | 'BF16';

interface Entry {
  name: string;
  dtype: Dtype;
  shape: number[];
  begin: number;
  end: number;
}

const BYTES: Record<Dtype, number> = { F32: 4, F16: 2, BF16: 2 };
const MAX_HEADER_BYTES = 8 * 1024 * 1024;
const MAX_NAME_LENGTH = 256;

/**
 * @returns every tensor, converted to float32, and the header's string metadata
 * @throws SafetensorsError when the header does not describe the bytes exactly: gaps, overlaps, wrong sizes, NaN.
 */
export function readSafetensors(buffer: ArrayBuffer): { arrays: NamedArrays; metadata: Map<string, string> } {
  const { entries, metadata, dataStart } = readHeader(buffer);
  const arrays: NamedArrays = new Map();
  for (const entry of entries) {
    const bytes = buffer.slice(dataStart + entry.begin, dataStart + entry.end);
    const data = toFloat32(bytes, entry.dtype);
    if (!data.every((x) => Number.isFinite(x)))
      throw new SafetensorsError(`Tensor "${entry.name}" holds NaN or infinity.`);
    arrays.set(entry.name, { shape: entry.shape, data });
  }
  return { arrays, metadata };
}

function readHeader(buffer: ArrayBuffer): {
  entries: Entry[];
  metadata: Map<string, string>;
  dataStart: number;
} {
  if (buffer.byteLength < 8) throw new SafetensorsError('The file is shorter than a safetensors header.');
  const length = new DataView(buffer).getBigUint64(0, true);
  if (length > BigInt(Math.min(buffer.byteLength - 8, MAX_HEADER_BYTES))) {
    throw new SafetensorsError(
      `The header claims ${length} bytes, which the file does not have or is too many.`,
    );
  }
  const dataStart = 8 + Number(length);
  const header = parseHeader(new Uint8Array(buffer, 8, Number(length)));
  const { __metadata__: metadata, ...tensors } = header;
  const entries = Object.entries(tensors).map(([name, value]) => readEntry(name, value));
  checkLayout(entries, buffer.byteLength - dataStart);
  return { entries, metadata: readMetadata(metadata), dataStart };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof json === 'object' && json !== null && !Array.isArray(json))
      return json as Record<string, unknown>;
  } catch (cause) {
    throw new SafetensorsError('The header is not JSON.', { cause });
  }
  throw new SafetensorsError('The header is not a JSON object.');
}

function readMetadata(value: unknown): Map<string, string> {
  if (typeof value !== 'object' || value === null) return new Map();
  return new Map(
    Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}

const isCount = (x: unknown): x is number => Number.isSafeInteger(x) && (x as number) >= 0;

function readEntry(name: string, value: unknown): Entry {
  if (name.length > MAX_NAME_LENGTH || name === '__proto__')
    throw new SafetensorsError('A tensor has an unusable name.');
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>;
  if (dtype !== 'F32' && dtype !== 'F16' && dtype !== 'BF16') {
    throw new SafetensorsError(`Tensor "${name}" has dtype ${String(dtype)}; F32, F16 and BF16 can be read.`);
  }
  if (!Array.isArray(shape) || shape.length > 8 || !shape.every(isCount)) {
    throw new SafetensorsError(`Tensor "${name}" has no valid shape.`);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    throw new SafetensorsError(`Tensor "${name}" has no valid offsets.`);
  }
  const [begin, end] = offsets as [number, number];
  const bytes = shape.reduce<number>((product, size) => product * size, BYTES[dtype]);
  if (bytes !== end - begin) {
    throw new SafetensorsError(`Tensor "${name}" takes ${bytes} bytes but its offsets span ${end - begin}.`);
  }
  return { name, dtype, shape, begin, end };
}

/** The tensors must tile the data: no hole, no overlap, nothing beyond the end. */
function checkLayout(entries: Entry[], dataBytes: number): void {
  let end = 0;
  for (const entry of entries.toSorted((a, b) => a.begin - b.begin)) {
    if (entry.begin !== end)
      throw new SafetensorsError(`Tensor "${entry.name}" overlaps another or leaves a gap.`);
    end = entry.end;
  }
  if (end !== dataBytes)
    throw new SafetensorsError(`The tensors take ${end} bytes but the file holds ${dataBytes}.`);
}

function toFloat32(bytes: ArrayBuffer, dtype: Dtype): Float32Array {
  if (dtype === 'F32') return new Float32Array(bytes);
  const words = new Uint16Array(bytes);
  const out = new Float32Array(words.length);
  if (dtype === 'F16') for (let i = 0; i < words.length; i++) out[i] = halfToFloat(words[i] as number);
  else new Uint32Array(out.buffer).forEach((_, i, bits) => (bits[i] = (words[i] as number) << 16));
  return out;
}

/** IEEE 754 half precision: 1 sign, 5 exponent, 10 fraction bits. */
export function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const floatBits = new Float32Array(1);
const intBits = new Uint32Array(floatBits.buffer);

/** Rounds to the nearest half, ties to even; beyond ±65,504 gives infinity. */
export function floatToHalf(value: number): number {
  floatBits[0] = value;
  const bits = intBits[0] as number;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = Math.abs(value);
  if (!(magnitude < 65520)) return sign | (Number.isNaN(value) ? 0x7e00 : 0x7c00);
  if (magnitude < 2 ** -14) return sign | roundToEven(magnitude * 2 ** 24);
  const exponent = ((bits >>> 23) & 0xff) - 112;
  return sign | ((exponent << 10) + roundToEven((bits & 0x7fffff) / 8192));
}

function roundToEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

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
