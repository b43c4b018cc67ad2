import { sha256OfBytes } from '../src/model/formats/sha256.ts';
import type { ModelFolder } from '../src/model/formats/model-folder.ts';
import { chunksOf } from '../src/model/formats/stream-chunks.ts';
import type { ModelSource } from './protocol.ts';

export interface LoadingProgress {
  label: string;
  done: number;
  total: number;
}

/** A model folder that could not be fetched. */
export class ModelDownloadError extends Error {
  override name = 'ModelDownloadError';
}

/** What was fetched in this visit: an engine that is lost is opened again without the network. */
const fetched = new Map<string, ModelFolder>();

/** The files of a model, fetched where they are not at hand; reports bytes as they arrive. */
export async function modelFiles(
  source: ModelSource,
  onProgress: (progress: LoadingProgress) => void,
  signal?: AbortSignal,
): Promise<ModelFolder> {
  if ('files' in source) return source.files;
  if ('weights' in source)
    return folderOf(new Blob([JSON.stringify(source.config)]), new Blob([source.weights]));
  const known = fetched.get(source.url);
  if (known) return known;
  const [config, weights] = await Promise.all([
    fetchFile(`${source.url}config.json`, signal).then((response) => response.blob()),
    fetchFile(`${source.url}model.safetensors`, signal).then((response) =>
      readBody(response, (done, total) => {
        onProgress({ label: `Loading ${source.name}`, done, total });
      }),
    ),
  ]);
  const folder = folderOf(config, weights);
  fetched.set(source.url, folder);
  return folder;
}

const folderOf = (config: Blob, weights: Blob): ModelFolder =>
  new Map([
    ['config.json', config],
    ['model.safetensors', weights],
  ]);

async function fetchFile(url: string, signal: AbortSignal | undefined): Promise<Response> {
  const response = await fetch(url, signal ? { signal } : {}).catch((cause: unknown) => {
    signal?.throwIfAborted();
    throw new ModelDownloadError(`Could not reach ${url}. Check the connection and try again.`, { cause });
  });
  if (!response.ok) throw new ModelDownloadError(`Could not load ${url}: HTTP ${response.status}.`);
  return response;
}

async function readBody(response: Response, onBytes: (done: number, total: number) => void): Promise<Blob> {
  const total = Number(response.headers.get('content-length') ?? 0);
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let done = 0;
  if (!response.body) return response.blob();
  for await (const chunk of chunksOf(response.body)) {
    chunks.push(chunk);
    done += chunk.length;
    onBytes(done, total);
  }
  return new Blob(chunks);
}

/** First 16 hex digits of the SHA-256: names a trained policy in every record that it made. */
export async function shortHash(bytes: ArrayBuffer): Promise<string> {
  return (await sha256OfBytes(bytes)).slice(0, 16);
}
