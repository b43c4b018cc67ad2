import { readBytes } from './blob-bytes.ts';
import { checkFinite, dequantise } from './dequantise.ts';
import { configFromGguf, readArchitecture } from './gguf-config.ts';
import { readGgufHeader, type GgufMetadata, type GgufTensor } from './gguf-header.ts';
import { GgufError } from './gguf-error.ts';
import { huggingFaceName, ROPE_DIVISORS } from './gguf-names.ts';
import type { WeightEntry, WeightSource } from './weight-source.ts';

export interface OpenedGguf {
  metadata: GgufMetadata;
  /** The config.json of the same model on the hub, for parseModelConfig. */
  config: Record<string, unknown>;
  weights: WeightSource;
}

const MAX_DIVISORS = 512;

/** Where a row of the file belongs: Hugging Face row → row in the file. null: rows stand as they do there. */
type RowOrder = ((row: number) => number) | null;

/**
 * A GGUF file under Hugging Face's names. Only the header (and rope_freqs) is read now; tensors when they are asked for.
 * @throws GgufError when the file is damaged or holds what this engine cannot run
 */
export async function openGguf(file: Blob): Promise<OpenedGguf> {
  const header = await readGgufHeader(file);
  const architecture = readArchitecture(header.metadata);
  const divisors = header.tensors.find(({ name }) => name === ROPE_DIVISORS);
  const config = configFromGguf(header, divisors ? await readDivisors(file, divisors) : null);
  const stored = new Map<string, { tensor: GgufTensor; order: RowOrder }>();
  for (const tensor of header.tensors) {
    if (tensor === divisors) continue;
    const name = huggingFaceName(tensor.name, architecture);
    if (!name)
      throw new GgufError(`Tensor "${tensor.name}" has no place in the architecture "${architecture}".`);
    stored.set(name, { tensor, order: rowOrder(tensor, architecture, config) });
  }
  return { metadata: header.metadata, config, weights: createSource(file, stored, architecture) };
}

/** One number for each pair of a head's elements. */
async function readDivisors(file: Blob, tensor: GgufTensor): Promise<Float32Array> {
  if (tensor.shape.length !== 1 || (tensor.shape[0] as number) > MAX_DIVISORS)
    throw new GgufError(`Tensor "${tensor.name}" has shape [${tensor.shape.join(', ')}].`);
  return readValues(file, tensor, null);
}

/**
 * llama.cpp rotates neighbouring elements of a head where Hugging Face rotates element j with j + d/2, so its
 * converter interleaves the rows of Llama's query and key projections (convert_hf_to_gguf.py, LlamaModel.permute). Row
 * h·d + s·d/2 + j of the hub is row h·d + 2j + s of the file. Other architectures keep their order.
 */
function rowOrder(tensor: GgufTensor, architecture: string, config: Record<string, unknown>): RowOrder {
  if (architecture !== 'llama' || !/\.attn_[qk]\.(weight|bias)$/.test(tensor.name)) return null;
  const headSize = config['head_dim'] as number;
  const rows = tensor.shape[0] as number;
  if (headSize % 2 !== 0 || rows % headSize !== 0)
    throw new GgufError(`Tensor "${tensor.name}" has ${rows} rows, which are no whole heads of ${headSize}.`);
  return (row) => {
    const within = row % headSize;
    const half = headSize / 2;
    return row - within + 2 * (within % half) + Math.floor(within / half);
  };
}

function createSource(
  file: Blob,
  stored: ReadonlyMap<string, { tensor: GgufTensor; order: RowOrder }>,
  architecture: string,
): WeightSource {
  const entries = new Map<string, WeightEntry>();
  for (const [name, { tensor }] of stored)
    entries.set(name, { name, shape: tensor.shape, format: tensor.format, bytes: tensor.end - tensor.begin });
  const find = (name: string) => {
    const found = stored.get(name);
    if (!found) throw new GgufError(`The weights lack the tensor "${name}".`);
    return found;
  };
  return {
    entries,
    normsIncludeOne: architecture === 'gemma3',
    readRaw: (name) => readRows(file, find(name).tensor, find(name).order),
    read: (name) => readValues(file, find(name).tensor, find(name).order),
  };
}

async function readValues(file: Blob, tensor: GgufTensor, order: RowOrder): Promise<Float32Array> {
  const values = dequantise(await readRows(file, tensor, order), tensor.format);
  checkFinite(tensor.name, values);
  return values;
}

/** Blocks never cross rows, so rows move as bytes. */
async function readRows(file: Blob, tensor: GgufTensor, order: RowOrder): Promise<Uint8Array> {
  const bytes = new Uint8Array(await readBytes(file, tensor.begin, tensor.end));
  if (!order) return bytes;
  const rows = tensor.shape[0] as number;
  const width = bytes.length / rows;
  const moved = new Uint8Array(bytes.length);
  for (let row = 0; row < rows; row++) {
    const from = order(row) * width;
    moved.set(bytes.subarray(from, from + width), row * width);
  }
  return moved;
}
