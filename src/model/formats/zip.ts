import { crc32 } from './crc32.ts';

/**
 * ZIP archives (PKWARE APPNOTE.TXT 6.3.10), as far as folders of models and adapters need them: up to 4 GB, stored or
 * deflated, neither encrypted nor in parts. Files that are stored are read in place, so a model of a gigabyte is never
 * in memory whole.
 */

/** An archive that cannot be read or written, with the reason in words. */
export class ZipError extends Error {
  override name = 'ZipError';
}

const LOCAL = { signature: 0x04034b50, bytes: 30 };
const ENTRY = { signature: 0x02014b50, bytes: 46 };
const END = { signature: 0x06054b50, bytes: 22 };
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;
const UTF8 = 1 << 11;
/** 1 January 1980, the first day that ZIP knows: the same files make the same archive. */
const DAY = 0x21;
const VERSION = 20;

const MOST_COMMENT = 0xffff;
const MOST_ENTRIES = 2000;
const MOST_DIRECTORY_BYTES = 4 << 20;
/** Of all deflated files together: they are held in memory. */
const MOST_INFLATED_BYTES = 512e6;

interface Entry {
  path: string;
  method: number;
  crc: number;
  /** In the archive, and unpacked. */
  packed: number;
  bytes: number;
  /** Where its local header stands. */
  at: number;
}

/**
 * The files of an archive by their path in it; folders and what macOS adds for itself are left out.
 * @throws ZipError when it is damaged, too large, or uses what is not read here
 */
export async function readZip(archive: Blob): Promise<Map<string, Blob>> {
  const { entries, end } = await readDirectory(archive);
  const inflated = entries.reduce((sum, { method, bytes }) => sum + (method === DEFLATED ? bytes : 0), 0);
  if (inflated > MOST_INFLATED_BYTES)
    throw new ZipError(`The archive holds ${inflated} bytes of compressed files: unpack it first.`);
  const files = new Map<string, Blob>();
  for (const entry of entries) {
    if (files.has(entry.path)) throw new ZipError(`The archive holds "${entry.path}" twice.`);
    files.set(entry.path, await readEntry(archive, entry, end));
  }
  return files;
}

async function readDirectory(archive: Blob): Promise<{ entries: Entry[]; end: number }> {
  const tailAt = Math.max(0, archive.size - END.bytes - MOST_COMMENT);
  const tail = await viewOf(archive, tailAt, archive.size);
  const at = endRecord(tail);
  if (at === null) throw new ZipError('This is no ZIP archive, or its end is missing.');
  const [count, bytes, start] = [
    tail.getUint16(at + 10, true),
    tail.getUint32(at + 12, true),
    tail.getUint32(at + 16, true),
  ];
  if (count > MOST_ENTRIES || bytes > MOST_DIRECTORY_BYTES)
    throw new ZipError('The archive holds more files than a model or an adapter has.');
  if (start + bytes > tailAt + at) throw damaged();
  return { entries: parseDirectory(await viewOf(archive, start, start + bytes), count), end: start };
}

/** Where the record stands that ends an archive: the last one whose comment reaches to the end of the file. */
function endRecord(tail: DataView): number | null {
  for (let at = tail.byteLength - END.bytes; at >= 0; at--) {
    const reaches = at + END.bytes + tail.getUint16(at + 20, true) === tail.byteLength;
    if (reaches && tail.getUint32(at, true) === END.signature) return at;
  }
  return null;
}

function parseDirectory(view: DataView, count: number): Entry[] {
  const entries: Entry[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + ENTRY.bytes > view.byteLength || view.getUint32(at, true) !== ENTRY.signature) throw damaged();
    const nameLength = view.getUint16(at + 28, true);
    const next =
      at + ENTRY.bytes + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > view.byteLength) throw damaged();
    const path = textOf(view, at + ENTRY.bytes, nameLength);
    if (!path.endsWith('/') && !path.startsWith('__MACOSX/')) entries.push(entryAt(view, at, path));
    at = next;
  }
  return entries;
}

function entryAt(view: DataView, at: number, path: string): Entry {
  const method = view.getUint16(at + 10, true);
  if (view.getUint16(at + 8, true) & ENCRYPTED)
    throw new ZipError(`"${path}" is encrypted: unpack it first.`);
  if (method !== STORED && method !== DEFLATED)
    throw new ZipError(`"${path}" is compressed in a way that browsers cannot read: unpack it first.`);
  const entry = {
    path,
    method,
    crc: view.getUint32(at + 16, true),
    packed: view.getUint32(at + 20, true),
    bytes: view.getUint32(at + 24, true),
    at: view.getUint32(at + 42, true),
  };
  if (method === STORED && entry.packed !== entry.bytes) throw damaged();
  return entry;
}

/** @param end where the files end and the archive's directory begins */
async function readEntry(archive: Blob, entry: Entry, end: number): Promise<Blob> {
  if (entry.at + LOCAL.bytes > end) throw damaged();
  const header = await viewOf(archive, entry.at, entry.at + LOCAL.bytes);
  if (header.getUint32(0, true) !== LOCAL.signature) throw damaged();
  const start = entry.at + LOCAL.bytes + header.getUint16(26, true) + header.getUint16(28, true);
  if (start + entry.packed > end) throw damaged();
  const packed = archive.slice(start, start + entry.packed);
  const file = entry.method === STORED ? packed : await inflate(packed, entry);
  if ((await crc32(file)) !== entry.crc) throw new ZipError(`"${entry.path}" in the archive is damaged.`);
  return file;
}

/** Stops as soon as there is more than the entry announces. */
async function inflate(packed: Blob, { path, bytes }: Entry): Promise<Blob> {
  const wrong = (cause?: unknown) => new ZipError(`"${path}" in the archive is damaged.`, { cause });
  const reader = packed.stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  const parts: BlobPart[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw wrong(cause);
    });
    if (done) break;
    size += value.length;
    if (size > bytes) {
      // Not waited for: Node 20 never comes back from it.
      reader.cancel().catch(() => undefined);
      break;
    }
    parts.push(value);
  }
  if (size !== bytes) throw wrong();
  return new Blob(parts);
}

const damaged = () => new ZipError('The archive is damaged.');

async function viewOf(archive: Blob, begin: number, end: number): Promise<DataView> {
  const bytes = await archive
    .slice(begin, end)
    .arrayBuffer()
    .catch((cause: unknown) => {
      throw new ZipError('The archive was moved or changed since it was opened: open it again.', { cause });
    });
  return new DataView(bytes);
}

const textOf = (view: DataView, at: number, length: number) =>
  new TextDecoder().decode(new Uint8Array(view.buffer, at, length));

/**
 * An archive of these files, stored as they are: weights hardly compress. The files are not copied.
 * @throws ZipError beyond 4 GB, which would need ZIP64
 */
export async function writeZip(files: ReadonlyMap<string, Blob>): Promise<Blob> {
  const parts: BlobPart[] = [];
  const directory: BlobPart[] = [];
  let at = 0;
  for (const [path, file] of files) {
    const name = new TextEncoder().encode(path);
    const facts = factsOf(name, file.size, await crc32(file));
    parts.push(localHeader(facts), name, file);
    directory.push(directoryEntry(facts, at), name);
    at += LOCAL.bytes + name.length + file.size;
    if (at > 0xffff_0000) throw new ZipError('More than 4 GB do not fit into one ZIP archive.');
  }
  const listed = new Blob(directory);
  return new Blob([...parts, listed, endOf(files.size, listed.size, at)], { type: 'application/zip' });
}

/** What the local header and the directory both say of a file: 26 bytes. */
function factsOf(name: Uint8Array, bytes: number, crc: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(26));
  view.setUint16(0, VERSION, true);
  view.setUint16(2, UTF8, true);
  view.setUint16(4, STORED, true);
  view.setUint16(8, DAY, true);
  view.setUint32(10, crc, true);
  view.setUint32(14, bytes, true);
  view.setUint32(18, bytes, true);
  view.setUint16(22, name.length, true);
  return new Uint8Array(view.buffer);
}

function localHeader(facts: Uint8Array): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(LOCAL.bytes);
  new DataView(header.buffer).setUint32(0, LOCAL.signature, true);
  header.set(facts, 4);
  return header;
}

function directoryEntry(facts: Uint8Array, at: number): Uint8Array<ArrayBuffer> {
  const entry = new Uint8Array(ENTRY.bytes);
  const view = new DataView(entry.buffer);
  view.setUint32(0, ENTRY.signature, true);
  view.setUint16(4, VERSION, true);
  entry.set(facts, 6);
  view.setUint32(42, at, true);
  return entry;
}

function endOf(count: number, bytes: number, at: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(END.bytes));
  view.setUint32(0, END.signature, true);
  view.setUint16(8, count, true);
  view.setUint16(10, count, true);
  view.setUint32(12, bytes, true);
  view.setUint32(16, at, true);
  return new Uint8Array(view.buffer);
}
