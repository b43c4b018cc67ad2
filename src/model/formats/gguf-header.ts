import { readBytes } from './blob-bytes.ts';
import { Cursor, EndOfBytes, MAX_HEADER_BYTES } from './gguf-cursor.ts';
import { GgufError } from './gguf-error.ts';
import { BLOCKS, type WeightFormat } from './weight-source.ts';

/**
 * The head of a GGUF file (github.com/ggml-org/ggml/blob/master/docs/gguf.md): magic, version, counts, metadata, where
 * each tensor lies. Read strictly: a file comes from anywhere, and every count and length in it is a claim.
 */

/** Numbers, booleans, strings and flat lists of them; integers beyond 2^53 are bigints. */
export type GgufMetadata = ReadonlyMap<string, unknown>;

export interface GgufTensor {
  /** llama.cpp's name, e.g. `blk.0.attn_q.weight`. */
  name: string;
  /** Rows first, as Hugging Face has it; the file lists dimensions the other way round. */
  shape: number[];
  format: WeightFormat;
  /** Bytes from the start of the file to its first block, and past its last. */
  begin: number;
  end: number;
}

export interface GgufHeader {
  metadata: GgufMetadata;
  tensors: GgufTensor[];
}

/** Bounds on what a file may claim, beside MAX_HEADER_BYTES. Vocabularies reach 2^18, merges 2^19. */
const MAX_ENTRIES = 65_536;
const MAX_LIST_LENGTH = 2 ** 21;
const MAX_NAME_BYTES = 256;
const MAX_DIMENSIONS = 4;
const DEFAULT_ALIGNMENT = 32;
const FIRST_READ_BYTES = 4 * 1024 * 1024;

/** ggml's numbers of the tensor types that can be read (ggml.h, enum ggml_type). */
const FORMATS: ReadonlyMap<number, WeightFormat> = new Map([
  [0, 'f32'],
  [1, 'f16'],
  [2, 'q4_0'],
  [6, 'q5_0'],
  [8, 'q8_0'],
  [12, 'q4_k'],
  [13, 'q5_k'],
  [14, 'q6_k'],
  [30, 'bf16'],
]);

/** Names of types that people meet and that cannot be read, for the message. */
const OTHER_TYPES: ReadonlyMap<number, string> = new Map([
  [3, 'Q4_1'],
  [7, 'Q5_1'],
  [10, 'Q2_K'],
  [11, 'Q3_K'],
  [16, 'IQ2_XXS'],
  [17, 'IQ2_XS'],
  [18, 'IQ3_XXS'],
  [19, 'IQ1_S'],
  [20, 'IQ4_NL'],
  [21, 'IQ3_S'],
  [22, 'IQ2_S'],
  [23, 'IQ4_XS'],
  [28, 'F64'],
  [29, 'IQ1_M'],
  [34, 'TQ1_0'],
  [35, 'TQ2_0'],
  [39, 'MXFP4'],
]);

/**
 * Reads the first 4 MB, and 64 MB where the head is longer: headers of large vocabularies take up to 10 MB.
 * @throws GgufError when the head is damaged, or names a tensor type that cannot be read
 */
export async function readGgufHeader(file: Blob): Promise<GgufHeader> {
  for (const most of [FIRST_READ_BYTES, MAX_HEADER_BYTES]) {
    try {
      return await parseStart(file, most);
    } catch (error) {
      if (!(error instanceof EndOfBytes)) throw error;
    }
  }
  throw new GgufError(
    file.size < MAX_HEADER_BYTES
      ? 'The GGUF file ends within its header.'
      : `The GGUF header takes more than ${MAX_HEADER_BYTES / 2 ** 20} MB.`,
  );
}

async function parseStart(file: Blob, most: number): Promise<GgufHeader> {
  return parseHeader(new Cursor(await readBytes(file, 0, Math.min(most, file.size)), file.size));
}

/** Readers by metadata type number (gguf.h, enum gguf_type), and the fewest bytes a value takes. */
const VALUES: ReadonlyMap<number, { bytes: number; read: (cursor: Cursor) => unknown }> = new Map([
  [0, { bytes: 1, read: (cursor: Cursor): unknown => cursor.u8() }],
  [1, { bytes: 1, read: (cursor: Cursor) => cursor.i8() }],
  [2, { bytes: 2, read: (cursor: Cursor) => cursor.u16() }],
  [3, { bytes: 2, read: (cursor: Cursor) => cursor.i16() }],
  [4, { bytes: 4, read: (cursor: Cursor) => cursor.u32() }],
  [5, { bytes: 4, read: (cursor: Cursor) => cursor.i32() }],
  [6, { bytes: 4, read: (cursor: Cursor) => cursor.f32() }],
  [7, { bytes: 1, read: (cursor: Cursor) => cursor.bool() }],
  [8, { bytes: 8, read: (cursor: Cursor) => cursor.string() }],
  [10, { bytes: 8, read: (cursor: Cursor) => cursor.u64() }],
  [11, { bytes: 8, read: (cursor: Cursor) => cursor.i64() }],
  [12, { bytes: 8, read: (cursor: Cursor) => cursor.f64() }],
]);
const LIST = 9;

function parseHeader(cursor: Cursor): GgufHeader {
  checkVersion(cursor);
  const tensorCount = cursor.count('tensors', 24, MAX_ENTRIES);
  const metadataCount = cursor.count('metadata entries', 13, MAX_ENTRIES);
  const metadata = readMetadata(cursor, metadataCount);
  const infos = readTensorInfos(cursor, tensorCount);
  return { metadata, tensors: layTensors(infos, metadata, cursor) };
}

function checkVersion(cursor: Cursor): void {
  // "GGUF" in little-endian order
  if (cursor.fileBytes < 24 || cursor.u32() !== 0x46554747)
    throw new GgufError('This is not a GGUF file: it does not begin with "GGUF".');
  const version = cursor.u32();
  if (version !== 0 && version % 65_536 === 0)
    throw new GgufError('This GGUF file is big-endian; only little-endian files can be read.');
  if (version !== 2 && version !== 3)
    throw new GgufError(`This GGUF file has version ${version}; versions 2 and 3 can be read.`);
}

function readMetadata(cursor: Cursor, count: number): GgufMetadata {
  const metadata = new Map<string, unknown>();
  for (let i = 0; i < count; i++) {
    const key = cursor.string(MAX_NAME_BYTES);
    if (metadata.has(key)) throw new GgufError(`The GGUF metadata hold "${key}" twice.`);
    metadata.set(key, readValue(cursor, key));
  }
  return metadata;
}

/** Lists of lists are refused, as llama.cpp does: nothing needs them. */
function readValue(cursor: Cursor, key: string): unknown {
  const type = cursor.u32();
  if (type !== LIST) return valueReader(type, key).read(cursor);
  const { bytes, read } = valueReader(cursor.u32(), key);
  const length = cursor.count(`values in "${key}"`, bytes, MAX_LIST_LENGTH);
  return Array.from({ length }, () => read(cursor));
}

function valueReader(type: number, key: string) {
  const reader = VALUES.get(type);
  if (!reader) throw new GgufError(`The GGUF metadata "${key}" have a type (${type}) that cannot be read.`);
  return reader;
}

type TensorInfo = Omit<GgufTensor, 'end'> & { bytes: number };

/** `begin` still counts from the start of the data. */
function readTensorInfos(cursor: Cursor, count: number): TensorInfo[] {
  const infos = new Map<string, TensorInfo>();
  for (let i = 0; i < count; i++) {
    const name = cursor.string(MAX_NAME_BYTES);
    if (infos.has(name)) throw new GgufError(`The GGUF file holds tensor "${name}" twice.`);
    infos.set(name, readTensorInfo(cursor, name));
  }
  return [...infos.values()];
}

function readTensorInfo(cursor: Cursor, name: string): TensorInfo {
  const rank = cursor.u32();
  if (rank < 1 || rank > MAX_DIMENSIONS) throw new GgufError(`Tensor "${name}" has ${rank} dimensions.`);
  const dimensions = Array.from({ length: rank }, () => cursor.u64());
  const type = cursor.u32();
  const begin = cursor.u64();
  const format = FORMATS.get(type);
  if (!format) {
    const other = OTHER_TYPES.get(type) ?? `number ${type}`;
    throw new GgufError(
      `Tensor "${name}" is stored as ${other}; F32, F16, BF16, Q8_0, Q4_0, Q4_K, Q5_0, Q5_K and Q6_K can be read.`,
    );
  }
  const shape = dimensions.toReversed().filter((size) => typeof size === 'number' && size > 0) as number[];
  const values = shape.reduce((product, size) => product * size, 1);
  const block = BLOCKS[format];
  if (shape.length < rank || !Number.isSafeInteger(values) || (shape.at(-1) as number) % block.values !== 0)
    throw new GgufError(
      `Tensor "${name}" has a shape that its type cannot have: ${dimensions.toReversed().join(' × ')}.`,
    );
  if (typeof begin === 'bigint') throw new GgufError(`Tensor "${name}" lies beyond the end of the file.`);
  return { name, shape, format, begin, bytes: (values / block.values) * block.bytes };
}

/** The tensors must tile the data in some order, each padded to the alignment: no overlap, no hole, nothing left over. */
function layTensors(infos: TensorInfo[], metadata: GgufMetadata, cursor: Cursor): GgufTensor[] {
  const alignment = metadata.get('general.alignment') ?? DEFAULT_ALIGNMENT;
  if (!isAlignment(alignment))
    throw new GgufError('general.alignment is not a power of two from 8 to 65,536.');
  const padded = (bytes: number) => Math.ceil(bytes / alignment) * alignment;
  const dataStart = padded(cursor.at);
  let expected = 0;
  let end = 0;
  for (const { name, begin, bytes } of infos.toSorted((a, b) => a.begin - b.begin)) {
    if (begin !== expected) throw new GgufError(`Tensor "${name}" overlaps another or leaves a gap.`);
    end = begin + bytes;
    expected = padded(end);
    if (dataStart + end > cursor.fileBytes)
      throw new GgufError(`The file ends within tensor "${name}". Was it loaded to the end?`);
  }
  if (cursor.fileBytes > dataStart + expected)
    throw new GgufError(
      `The file goes on for ${cursor.fileBytes - dataStart - end} bytes after its last tensor.`,
    );
  return infos.map(({ bytes, ...info }) => ({
    ...info,
    begin: dataStart + info.begin,
    end: dataStart + info.begin + bytes,
  }));
}

const isAlignment = (x: unknown): x is number =>
  typeof x === 'number' && x >= 8 && x <= 65_536 && Number.isInteger(Math.log2(x));
