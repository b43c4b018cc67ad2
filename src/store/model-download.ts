import { hubFileUrl } from '../model/formats/hub.ts';
import { chunksOf } from '../model/formats/stream-chunks.ts';
import type { ManifestFile, ModelManifest } from './model-manifest.ts';
import { totalBytes } from './model-manifest.ts';

/** ModelWriter as the page sees it, from outside of its worker. */
export interface RemoteModelWriter {
  begin(manifest: ModelManifest): Promise<void>;
  openPart(file: ManifestFile): Promise<{ bytes: number; whole: boolean }>;
  append(bytes: Uint8Array): Promise<void>;
  restart(): Promise<void>;
  finishPart(onChecked: (bytes: number) => void): Promise<void>;
  closePart(): Promise<void>;
}

export interface DownloadProgress {
  phase: 'downloading' | 'checking';
  /** Bytes of the whole model: arrived; while a file is checked, read of that file. */
  done: number;
  total: number;
}

/** Thrown when the hub or its content network fails in the middle of a file. */
export class DownloadInterruptedError extends Error {
  override name = 'DownloadInterruptedError';
}

/**
 * Downloads what is missing of a model, file after file. Bytes that have arrived stay where they are when this is
 * aborted or fails: calling it again goes on behind them with a range request. The fetches happen where this runs, on
 * the page, under its policy.
 * @throws AbortError, DownloadInterruptedError, WrongHashError, StorageFullError, DownloadedElsewhereError
 */
export async function downloadModel(
  manifest: ModelManifest,
  writer: RemoteModelWriter,
  signal: AbortSignal,
  onProgress: (progress: DownloadProgress) => void,
): Promise<void> {
  await writer.begin(manifest);
  const total = totalBytes(manifest);
  let before = 0;
  for (const file of manifest.files) {
    signal.throwIfAborted();
    const arrived = (bytes: number) => onProgress({ phase: 'downloading', done: before + bytes, total });
    const checked = (bytes: number) => onProgress({ phase: 'checking', done: bytes, total: file.bytes });
    const url = hubFileUrl(manifest.repository, manifest.revision, file.path);
    await downloadFile(url, file, writer, signal, arrived, checked);
    before += file.bytes;
    arrived(0);
  }
}

async function downloadFile(
  url: string,
  file: ManifestFile,
  writer: RemoteModelWriter,
  signal: AbortSignal,
  arrived: (bytes: number) => void,
  checked: (bytes: number) => void,
): Promise<void> {
  const part = await writer.openPart(file);
  if (part.whole) return;
  try {
    arrived(part.bytes);
    if (part.bytes < file.bytes) await fetchRest(url, file, part.bytes, writer, signal, arrived);
    await writer.finishPart(checked);
  } finally {
    await writer.closePart();
  }
}

/** Fetches a file from `start` to its end and appends it to the open part. */
async function fetchRest(
  url: string,
  file: ManifestFile,
  start: number,
  writer: RemoteModelWriter,
  signal: AbortSignal,
  arrived: (bytes: number) => void,
): Promise<void> {
  const response = await fetchFrom(url, start, signal);
  let done = start;
  // A server that ignores the range sends the file from its beginning.
  if (start > 0 && response.status !== 206) {
    await writer.restart();
    done = 0;
  }
  try {
    for await (const chunk of response.body ? chunksOf(response.body) : []) {
      signal.throwIfAborted();
      done += chunk.length;
      if (done > file.bytes) throw new DownloadInterruptedError(`${file.path} is longer than was announced.`);
      await writer.append(chunk);
      arrived(done);
    }
  } catch (cause) {
    signal.throwIfAborted();
    // What `fetch` and its stream throw when the network fails.
    if (cause instanceof TypeError) throw interrupted(cause);
    throw cause;
  }
  if (done < file.bytes) throw interrupted();
}

async function fetchFrom(url: string, start: number, signal: AbortSignal): Promise<Response> {
  const headers = start > 0 ? { range: `bytes=${start}-` } : {};
  const response = await fetch(url, { headers, signal, cache: 'no-store' }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw interrupted(cause);
  });
  if (!response.ok) throw new DownloadInterruptedError(refusal(response.status));
  return response;
}

const interrupted = (cause?: unknown) =>
  new DownloadInterruptedError(
    'The connection to the hub broke off. What has arrived is kept: resume to go on.',
    {
      cause,
    },
  );

function refusal(status: number): string {
  if (status === 401 || status === 403)
    return 'The hub gives this model only to readers who accepted its licence. Accept it there, download the files, and open them from this device.';
  if (status === 429) return 'The hub has had too many questions from this address. Resume in five minutes.';
  return `The hub answered with an error (${status}). What has arrived is kept: resume to try again.`;
}
