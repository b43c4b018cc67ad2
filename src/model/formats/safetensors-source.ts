import * as v from 'valibot';
import { readBytes } from './blob-bytes.ts';
import { checkFinite, dequantise } from './dequantise.ts';
import {
  LENGTH_BYTES,
  parseSafetensorsHeader,
  readHeaderLength,
  SafetensorsError,
  type SafetensorsEntry,
} from './safetensors-header.ts';
import { JsonError, parseStrictJson } from './strict-json.ts';
import type { WeightEntry, WeightSource } from './weight-source.ts';

const INDEX_NAME = 'model.safetensors.index.json';
const MAX_INDEX_BYTES = 16 * 1024 * 1024;

/** Which shard holds which tensor; null where one file holds all. */
interface Shards {
  paths: string[];
  index: ReadonlyMap<string, string> | null;
}

/**
 * Weights in one safetensors file or in shards. Only headers are read now; tensors when they are asked for.
 * @returns null where the folder holds no safetensors
 * @throws SafetensorsError when a header or the index is damaged, or a shard is missing
 */
export async function openSafetensors(folder: ReadonlyMap<string, Blob>): Promise<WeightSource | null> {
  const shards = await findShards(folder);
  if (!shards) return null;
  const stored = new Map<string, { file: Blob; entry: SafetensorsEntry }>();
  for (const path of shards.paths) {
    const file = folder.get(path) as Blob;
    for (const entry of await readHeader(file)) {
      if (shards.index && shards.index.get(entry.name) !== path)
        throw new SafetensorsError(
          `"${path}" holds tensor "${entry.name}", which the index does not place there.`,
        );
      stored.set(entry.name, { file, entry });
    }
  }
  for (const [name, path] of shards.index ?? [])
    if (!stored.has(name))
      throw new SafetensorsError(`The index places tensor "${name}" in "${path}", which lacks it.`);
  return createSource(stored);
}

/** Paths of the files that hold the weights, sorted; empty where the folder holds no safetensors. */
export async function safetensorsPaths(folder: ReadonlyMap<string, Blob>): Promise<string[]> {
  return (await findShards(folder))?.paths ?? [];
}

/** As transformers looks for them: model.safetensors, then the index's shards; else the only file that there is. */
async function findShards(folder: ReadonlyMap<string, Blob>): Promise<Shards | null> {
  if (folder.has('model.safetensors')) return { paths: ['model.safetensors'], index: null };
  const indexFile = folder.get(INDEX_NAME);
  if (indexFile) {
    const index = await readIndex(indexFile);
    const paths = [...new Set(index.values())].toSorted();
    const missing = paths.find((path) => !folder.has(path));
    if (missing) throw new SafetensorsError(`The index names "${missing}", which is not in the folder.`);
    return { paths, index };
  }
  const paths = [...folder.keys()].filter(
    (path) => /^[^/]+\.safetensors$/.test(path) && path !== 'adapter_model.safetensors',
  );
  if (paths.length > 1)
    throw new SafetensorsError(`The folder holds ${paths.length} safetensors files but no ${INDEX_NAME}.`);
  return paths.length === 1 ? { paths, index: null } : null;
}

/** A shard is a file beside the index: no folders, nothing that climbs out of this one. */
const IndexFile = v.object({
  weight_map: v.record(v.string(), v.pipe(v.string(), v.regex(/^[\w-][\w.-]{0,200}\.safetensors$/))),
});

async function readIndex(file: Blob): Promise<Map<string, string>> {
  if (file.size > MAX_INDEX_BYTES) throw new SafetensorsError(`${INDEX_NAME} is too large.`);
  const parsed = v.safeParse(IndexFile, parseIndex(await file.text()));
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new SafetensorsError(`${INDEX_NAME}: ${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
  }
  return new Map(Object.entries(parsed.output.weight_map));
}

function parseIndex(text: string): unknown {
  try {
    return parseStrictJson(text);
  } catch (cause) {
    if (cause instanceof JsonError) throw new SafetensorsError(`${INDEX_NAME}: ${cause.message}.`, { cause });
    throw cause;
  }
}

async function readHeader(file: Blob): Promise<SafetensorsEntry[]> {
  const length = readHeaderLength(await file.slice(0, LENGTH_BYTES).arrayBuffer(), file.size);
  const json = new Uint8Array(await readBytes(file, LENGTH_BYTES, LENGTH_BYTES + length));
  return parseSafetensorsHeader(json, file.size).entries;
}

function createSource(stored: ReadonlyMap<string, { file: Blob; entry: SafetensorsEntry }>): WeightSource {
  const entries = new Map<string, WeightEntry>();
  for (const [name, { entry }] of stored) {
    const { shape, format, begin, end } = entry;
    entries.set(name, { name, shape, format, bytes: end - begin });
  }
  const readRaw = async (name: string) => {
    const { file, entry } = find(stored, name);
    return new Uint8Array(await readBytes(file, entry.begin, entry.end));
  };
  const read = async (name: string) => {
    const values = dequantise(await readRaw(name), find(stored, name).entry.format);
    checkFinite(name, values);
    return values;
  };
  return { entries, readRaw, read };
}

function find<T>(stored: ReadonlyMap<string, T>, name: string): T {
  const found = stored.get(name);
  if (!found) throw new SafetensorsError(`The weights lack the tensor "${name}".`);
  return found;
}
