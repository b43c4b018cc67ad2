import { parseModelConfig, type ModelConfig } from '../config.ts';
import { ModelFolderError, readJsonFile } from './folder-files.ts';
import type { GgufMetadata } from './gguf-header.ts';
import { openGguf } from './gguf-source.ts';
import type { ModelFolder } from './model-folder.ts';
import { openSafetensors, safetensorsPaths } from './safetensors-source.ts';
import { sha256 } from './sha256.ts';
import type { WeightSource } from './weight-source.ts';

/** What an engine needs of a model's files: all but the tokenizer. */
export interface OpenedWeights {
  config: ModelConfig;
  weights: WeightSource;
  /** Size of the files that hold the weights. */
  bytes: number;
  /** What a GGUF file says of itself; null for safetensors. */
  metadata: GgufMetadata | null;
}

/**
 * Opens a folder with config.json and safetensors (one file or shards), or with one GGUF file. Reads headers only.
 * @throws ModelFolderError when files are missing or ambiguous
 * @throws ModelConfigError when the architecture cannot run here
 * @throws WeightFileError when a file is damaged
 */
export async function openWeights(folder: ModelFolder): Promise<OpenedWeights> {
  const paths = await weightPaths(folder);
  const bytes = paths.reduce((sum, path) => sum + (folder.get(path) as Blob).size, 0);
  const [first] = paths as [string];
  if (isGguf(first)) {
    const { config, weights, metadata } = await openGguf(folder.get(first) as Blob);
    return { config: parseModelConfig(config), weights, bytes, metadata };
  }
  const generation = folder.has('generation_config.json')
    ? await readJsonFile(folder, 'generation_config.json')
    : undefined;
  const config = parseModelConfig(await readJsonFile(folder, 'config.json'), generation);
  const weights = (await openSafetensors(folder)) as WeightSource;
  return { config, weights, bytes, metadata: null };
}

/**
 * Names the weights in every record that they made: the first 16 hex digits of the SHA-256 of the file that holds them;
 * of several, the SHA-256 of their SHA-256 digests in the order of their names.
 */
export async function modelHash(folder: ModelFolder): Promise<string> {
  const digests: string[] = [];
  for (const path of await weightPaths(folder)) digests.push(await sha256(folder.get(path) as Blob));
  const whole = digests.length === 1 ? digests[0] : await sha256(new Blob(digests));
  return (whole as string).slice(0, 16);
}

const isGguf = (path: string) => /^[^/]+\.gguf$/i.test(path);

/** Safetensors before GGUF where a folder holds both: they are what the GGUF was made from. */
async function weightPaths(folder: ModelFolder): Promise<string[]> {
  const safetensors = await safetensorsPaths(folder);
  if (safetensors.length > 0) return safetensors;
  const ggufs = [...folder.keys()].filter(isGguf);
  if (ggufs.length > 1)
    throw new ModelFolderError(`The folder holds ${ggufs.length} GGUF files. Open the one that you want.`);
  if (ggufs.length === 0)
    throw new ModelFolderError('The folder holds no weights: neither safetensors nor a GGUF file.');
  return ggufs;
}
