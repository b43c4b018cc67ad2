import { BlobReader, BlobWriter, ZipReader, type FileEntry } from '../../model/formats/zip-core.ts';
import { createFileDigest } from '../../store/file-digest.ts';
import { BundleError } from './bundle-error.ts';
import { MANIFEST, readManifest, type EntryFacts, type Manifest } from './manifest.ts';
import { recordsIn, textOf } from './read-records.ts';
import { pathOf, STORES, type BundleStore, type RecordOf } from './stores.ts';
import { bytesOf } from './write-bundle.ts';

const MOST_ENTRIES = 5000;
const MOST_MANIFEST_BYTES = 4e6;
/** Of all entries together, when they are unpacked. Nothing is held in memory, but it has to be read, and stored. */
const MOST_BYTES = 32e9;
/** Records repeat much, and were seen to shrink to a fifteenth; deflate at its most, a thousandth. */
const MOST_RATIO = 300;
const SMALL_BYTES = 1e6;

const PATH = /^(manifest\.json|[a-zA-Z]{1,20}\.jsonl|weights\/[1-9]\d{0,5}\.bin)$/;
const KNOWN = new Set(STORES.map(pathOf));

/** A bundle that is open: its manifest is read, everything else comes when it is asked for, and is checked on the way. */
export class Bundle {
  private constructor(
    readonly manifest: Manifest,
    private readonly archive: ZipReader<Blob>,
    private readonly entries: ReadonlyMap<string, FileEntry>,
  ) {}

  /** @throws BundleError for what is no bundle, is damaged, ambiguous or too large; nothing but the manifest is unpacked */
  static async open(file: Blob): Promise<Bundle> {
    const archive = new ZipReader(new BlobReader(file), { strictness: 'strict' });
    return inWords(async () => {
      const entries = await entriesOf(archive);
      const described = entries.get(MANIFEST);
      if (!described) throw new BundleError('It holds no manifest.json, as projects saved by this page do.');
      if (described.uncompressedSize > MOST_MANIFEST_BYTES)
        throw new BundleError(`Its ${MANIFEST} is too large.`);
      const facts = { path: MANIFEST, bytes: described.uncompressedSize };
      const manifest = readManifest(await textOf(chunksOf(described, facts), MANIFEST));
      checkEntries(entries, manifest.entries);
      return new Bundle(manifest, archive, entries);
    });
  }

  /** What all of it takes when it is unpacked. */
  get bytes(): number {
    return this.manifest.entries.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /**
   * The records of a store, in the order of their keys; files in them are named (`FileInBundle`).
   * @param report is told the bytes that were read since it was last told
   * @throws BundleError; what came before was checked record by record, the hash of the whole only at its end
   */
  async *records<Store extends BundleStore>(
    store: Store,
    report: (bytes: number) => void = () => {},
  ): AsyncGenerator<RecordOf<Store>> {
    const path = pathOf(store);
    const facts = this.#facts(path);
    if (!facts) return;
    let count = 0;
    for await (const record of recordsIn(store, this.#chunks(facts, report))) {
      count++;
      yield record;
    }
    if (count !== facts.records)
      throw new BundleError(`${path} has not as many records as the manifest says.`);
  }

  /** A file that a record names, whole and as it was written. */
  async file(path: string, report?: (bytes: number) => void): Promise<Blob> {
    const parts = new BlobWriter();
    const writer = (parts as unknown as { writable: WritableStream<Uint8Array> }).writable.getWriter();
    for await (const chunk of this.#chunks(this.#namedFile(path), report)) await writer.write(chunk);
    await writer.close();
    return parts.getData();
  }

  /** Reads a file to the end, and keeps nothing of it. */
  async checkFile(path: string, report?: (bytes: number) => void): Promise<void> {
    for await (const _ of this.#chunks(this.#namedFile(path), report));
  }

  /** 64 hex digits, as the manifest has them. */
  hashOf(path: string): string {
    return this.#namedFile(path).sha256;
  }

  /** The paths of all weights. */
  get files(): string[] {
    return this.manifest.entries.filter(({ records }) => records === null).map(({ path }) => path);
  }

  async close(): Promise<void> {
    await this.archive.close();
  }

  #facts(path: string): EntryFacts | undefined {
    return this.manifest.entries.find((entry) => entry.path === path);
  }

  #namedFile(path: string): EntryFacts {
    const facts = this.#facts(path);
    if (!facts || facts.records !== null)
      throw new BundleError('A record of it names weights that it does not hold.');
    return facts;
  }

  #chunks(facts: EntryFacts, report?: (bytes: number) => void): AsyncGenerator<Uint8Array> {
    return chunksOf(this.entries.get(facts.path)!, facts, report);
  }
}

/** The files of the archive by their paths. A folder around all of it, as unpacking and packing again makes, is taken off. */
async function entriesOf(archive: ZipReader<Blob>): Promise<Map<string, FileEntry>> {
  const files: FileEntry[] = [];
  for await (const entry of archive.getEntriesGenerator()) {
    if (entry.directory || entry.filename.startsWith('__MACOSX/') || entry.filename.endsWith('.DS_Store'))
      continue;
    if (files.push(entry) > MOST_ENTRIES) throw new BundleError('It holds more files than a project has.');
  }
  const manifest = files.find(({ filename }) => /^([^/]+\/)?manifest\.json$/.test(filename));
  const folder = manifest?.filename.slice(0, -MANIFEST.length) ?? '';
  const entries = new Map<string, FileEntry>();
  for (const entry of files) {
    const path = entry.filename.startsWith(folder) ? entry.filename.slice(folder.length) : entry.filename;
    if (!PATH.test(path))
      throw new BundleError(`It holds a file that no project has: "${path.slice(0, 80)}".`);
    if (entries.has(path)) throw new BundleError(`It holds "${path}" twice.`);
    entries.set(path, entry);
  }
  return entries;
}

/** Sizes are compared before anything is unpacked, and kept to while it is. */
function checkEntries(entries: ReadonlyMap<string, FileEntry>, facts: readonly EntryFacts[]): void {
  const described = new Set(facts.map(({ path }) => path));
  if (described.size !== facts.length || described.size + 1 !== entries.size)
    throw new BundleError('Its manifest does not name each of its files once.');
  let total = 0;
  for (const { path, bytes, records } of facts) {
    const entry = entries.get(path);
    if (!entry || path === MANIFEST) throw new BundleError(`"${path}" is missing in it.`);
    if ((records === null) !== path.startsWith('weights/') || (records !== null && !KNOWN.has(path)))
      throw new BundleError(`It holds a file that no project has: "${path}".`);
    if (entry.encrypted) throw new BundleError('It is encrypted: unpack it, and pack it without a password.');
    if (entry.uncompressedSize !== bytes)
      throw new BundleError(`"${path}" has another size than its manifest says.`);
    if (bytes > SMALL_BYTES && bytes > MOST_RATIO * entry.compressedSize)
      throw new BundleError(`"${path}" would unpack to ${MOST_RATIO} times its size: no project does.`);
    total += bytes;
  }
  if (total > MOST_BYTES) throw new BundleError(`It would unpack to more than ${MOST_BYTES / 1e9} GB.`);
}

type Expected = Pick<EntryFacts, 'path' | 'bytes'> & Partial<EntryFacts>;

/** Stops at the first byte too many; the end is reached only by what has the right length and hash. */
async function* chunksOf(
  entry: FileEntry,
  { path, bytes, sha256 }: Expected,
  report: (bytes: number) => void = () => {},
): AsyncGenerator<Uint8Array> {
  const digest = createFileDigest('sha256', 0);
  let read = 0;
  try {
    for await (const chunk of bytesOf(unpacked(entry))) {
      read += chunk.length;
      if (read > bytes) break;
      digest.update(chunk);
      report(chunk.length);
      yield chunk;
    }
  } catch (cause) {
    throw cause instanceof BundleError ? cause : new BundleError(`"${path}" in it is damaged.`, { cause });
  }
  if (read !== bytes || (sha256 !== undefined && digest.hex() !== sha256))
    throw new BundleError(`"${path}" in it is damaged: it is not what its manifest says.`);
}

function unpacked(entry: FileEntry): ReadableStream<Uint8Array> {
  let fail: (error: unknown) => void = () => {};
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>({
    start: (controller) => void (fail = (error) => controller.error(error)),
  });
  // A failure has to reach who reads, and one that comes after they stopped reading nobody.
  entry.getData(writable).catch((error: unknown) => fail(error));
  return readable;
}

/** What zip.js says becomes the reason. */
async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof BundleError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BundleError(`This is no ZIP archive, or it is damaged (${reason}).`, { cause });
  }
}
