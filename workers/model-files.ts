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

/** config.json and model.safetensors of a model; reports bytes as they arrive. */
export async function fetchModelFiles(
  source: ModelSource,
  onProgress: (progress: LoadingProgress) => void,
): Promise<{ config: unknown; weights: ArrayBuffer; hash: string }> {
  if (!('url' in source)) return { ...source, hash: await shortHash(source.weights) };
  const [config, weights] = await Promise.all([
    fetchFile(`${source.url}config.json`).then((response) => response.json() as Promise<unknown>),
    fetchFile(`${source.url}model.safetensors`).then((response) =>
      readBody(response, (done, total) => {
        onProgress({ label: `Loading ${source.name}`, done, total });
      }),
    ),
  ]);
  return { config, weights, hash: await shortHash(weights) };
}

async function fetchFile(url: string): Promise<Response> {
  const response = await fetch(url).catch((cause: unknown) => {
    throw new ModelDownloadError(`Could not reach ${url}. Check the connection and try again.`, { cause });
  });
  if (!response.ok) throw new ModelDownloadError(`Could not load ${url}: HTTP ${response.status}.`);
  return response;
}

async function readBody(
  response: Response,
  onBytes: (done: number, total: number) => void,
): Promise<ArrayBuffer> {
  const total = Number(response.headers.get('content-length') ?? 0);
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let done = 0;
  if (!response.body) return response.arrayBuffer();
  for await (const chunk of response.body) {
    chunks.push(chunk);
    done += chunk.length;
    onBytes(done, total);
  }
  return new Blob(chunks).arrayBuffer();
}

/** First 16 hex digits of the SHA-256: names weights in every record that they made. */
export async function shortHash(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest.slice(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
