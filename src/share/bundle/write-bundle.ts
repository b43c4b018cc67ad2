import { BlobReader, BlobWriter, ZipWriter } from '../../model/formats/zip-core.ts';
import { createFileDigest } from '../../store/file-digest.ts';
import { FORMAT, FORMAT_VERSION, MANIFEST, type EntryFacts, type Manifest } from './manifest.ts';
import { lineOf } from './record-line.ts';
import { pathOf, type BundleStore } from './stores.ts';

/** Text that goes to the archive at once, in characters. */
const PIECE = 64 * 1024;

type Facts = Pick<Manifest, 'appVersion' | 'made' | 'project'>;

/**
 * Writes a bundle record by record: neither the records nor the archive are in memory whole. Weights that records name
 * come last, stored as they are, since they hardly compress; the manifest with all hashes ends the archive.
 */
export class BundleWriter {
  readonly #archive = new ZipWriter(new BlobWriter('application/zip'));
  readonly #entries: EntryFacts[] = [];
  readonly #files: { path: string; file: Blob }[] = [];

  /** A store without records has no file. */
  async addRecords(store: BundleStore, records: AsyncIterable<unknown> | Iterable<unknown>): Promise<void> {
    let count = 0;
    const lines = async function* (this: BundleWriter) {
      for await (const record of records) {
        count++;
        yield `${lineOf(record, (file) => this.#place(file))}\n`;
      }
    }.call(this);
    const first = await lines.next();
    if (first.done) return;
    const all = async function* () {
      yield first.value;
      yield* lines;
    };
    const facts = await this.#add(pathOf(store), inPieces(all()));
    this.#entries.push({ ...facts, records: count });
  }

  async finish(facts: Facts): Promise<Blob> {
    for (const { path, file } of this.#files) {
      const chunks = bytesOf(file.stream());
      this.#entries.push({ ...(await this.#add(path, chunks, { level: 0 })), records: null });
    }
    const manifest: Manifest = { format: FORMAT, version: FORMAT_VERSION, ...facts, entries: this.#entries };
    await this.#archive.add(MANIFEST, new BlobReader(new Blob([JSON.stringify(manifest, null, 1)])));
    return this.#archive.close();
  }

  #place(file: Blob): string {
    const path = `weights/${this.#files.length + 1}.bin`;
    this.#files.push({ path, file });
    return path;
  }

  async #add(
    path: string,
    chunks: AsyncGenerator<Uint8Array>,
    options: { level?: number } = {},
  ): Promise<Omit<EntryFacts, 'records'>> {
    const digest = createFileDigest('sha256', 0);
    let bytes = 0;
    const hashed = async function* () {
      for await (const chunk of chunks) {
        digest.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
    };
    await this.#archive.add(path, streamOf(hashed()), options);
    return { path, sha256: digest.hex(), bytes };
  }
}

async function* inPieces(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let piece = '';
  for await (const line of lines) {
    piece += line;
    if (piece.length < PIECE) continue;
    yield encoder.encode(piece);
    piece = '';
  }
  if (piece !== '') yield encoder.encode(piece);
}

/** Not every browser can iterate over a stream, or make one of a generator. */
export async function* bytesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function streamOf(chunks: AsyncGenerator<Uint8Array, void>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: async (controller) => {
      const step = await chunks.next();
      if (step.done) controller.close();
      else controller.enqueue(step.value);
    },
    cancel: async () => {
      await chunks.return();
    },
  });
}
