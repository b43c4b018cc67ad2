/**
 * The head of a safetensors file (github.com/huggingface/safetensors): a little-endian u64 length, then JSON with dtype,
 * shape and data_offsets of each tensor; the bytes follow. Read strictly: a file comes from anywhere.
 */
import { JsonError, parseStrictJson } from './strict-json.ts';
import { BLOCKS, WeightFileError, type WeightFormat } from './weight-source.ts';

/** A file that is no sound safetensors file, with the reason in words. */
export class SafetensorsError extends WeightFileError {
  override name = 'SafetensorsError';
}

export interface SafetensorsEntry {
  name: string;
  format: WeightFormat;
  shape: number[];
  /** Bytes from the start of the file to its first value, and past its last. */
  begin: number;
  end: number;
}

export interface SafetensorsHeader {
  /** In the order of the header. */
  entries: SafetensorsEntry[];
  /** The writer's own notes. */
  metadata: Map<string, string>;
}

/** What the length takes at the start of the file. */
export const LENGTH_BYTES = 8;
const MAX_HEADER_BYTES = 8 * 1024 * 1024;
const MAX_NAME_LENGTH = 256;
const MAX_DIMENSIONS = 8;

const FORMATS: ReadonlyMap<unknown, WeightFormat> = new Map([
  ['F32', 'f32'],
  ['F16', 'f16'],
  ['BF16', 'bf16'],
]);

/**
 * @param start the first 8 bytes of the file, or more
 * @returns bytes that the JSON takes
 * @throws SafetensorsError when the file cannot hold as many, or no honest header takes as many
 */
export function readHeaderLength(start: ArrayBuffer, fileBytes: number): number {
  if (start.byteLength < LENGTH_BYTES)
    throw new SafetensorsError('The file is shorter than a safetensors header.');
  const length = new DataView(start).getBigUint64(0, true);
  if (length > BigInt(Math.min(fileBytes - LENGTH_BYTES, MAX_HEADER_BYTES)))
    throw new SafetensorsError(
      `The header claims ${length} bytes, which the file does not have or is too many.`,
    );
  return Number(length);
}

/**
 * @param json the header without its length
 * @throws SafetensorsError when the header does not describe the file's bytes exactly: gaps, overlaps, wrong sizes
 */
export function parseSafetensorsHeader(json: Uint8Array, fileBytes: number): SafetensorsHeader {
  const { __metadata__: metadata, ...tensors } = parseObject(json);
  const dataStart = LENGTH_BYTES + json.length;
  const entries = Object.entries(tensors).map(([name, value]) => readEntry(name, value, dataStart));
  checkLayout(entries, dataStart, fileBytes);
  return { entries, metadata: readMetadata(metadata) };
}

function parseObject(bytes: Uint8Array): Record<string, unknown> {
  if (bytes[0] !== 0x7b) throw new SafetensorsError('The header is not a JSON object.');
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return parseStrictJson(text) as Record<string, unknown>;
  } catch (cause) {
    const reason = cause instanceof JsonError ? cause.message : 'it is not UTF-8';
    throw new SafetensorsError(`The header cannot be read: ${reason}.`, { cause });
  }
}

function readMetadata(value: unknown): Map<string, string> {
  if (value === undefined) return new Map();
  if (typeof value !== 'object' || value === null)
    throw new SafetensorsError('The metadata are not an object.');
  return new Map(
    Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}

const isCount = (x: unknown): x is number => Number.isSafeInteger(x) && (x as number) >= 0;

function readEntry(name: string, value: unknown, dataStart: number): SafetensorsEntry {
  if (name.length > MAX_NAME_LENGTH || name === '__proto__')
    throw new SafetensorsError('A tensor has an unusable name.');
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>;
  const format = FORMATS.get(dtype);
  if (!format)
    throw new SafetensorsError(`Tensor "${name}" has dtype ${String(dtype)}; F32, F16 and BF16 can be read.`);
  if (!Array.isArray(shape) || shape.length > MAX_DIMENSIONS || !shape.every(isCount))
    throw new SafetensorsError(`Tensor "${name}" has no valid shape.`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount))
    throw new SafetensorsError(`Tensor "${name}" has no valid offsets.`);
  const [begin, end] = offsets as [number, number];
  const bytes = shape.reduce<number>((product, size) => product * size, BLOCKS[format].bytes);
  if (bytes !== end - begin)
    throw new SafetensorsError(`Tensor "${name}" takes ${bytes} bytes but its offsets span ${end - begin}.`);
  return { name, format, shape, begin: dataStart + begin, end: dataStart + end };
}

/** The tensors must tile the data: no hole, no overlap, nothing beyond the end. */
function checkLayout(entries: SafetensorsEntry[], dataStart: number, fileBytes: number): void {
  let end = dataStart;
  for (const entry of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (entry.begin !== end)
      throw new SafetensorsError(`Tensor "${entry.name}" overlaps another or leaves a gap.`);
    end = entry.end;
  }
  if (end !== fileBytes)
    throw new SafetensorsError(
      `The tensors take ${end - dataStart} bytes but the file holds ${fileBytes - dataStart}. Was it loaded to the end?`,
    );
}
