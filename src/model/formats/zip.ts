import { BlobReader, BlobWriter, ZipReader, ZipWriter, type FileEntry } from './zip-core.ts';

/** ZIP archives of models and adapters, read and written in pieces: an archive of a gigabyte is never in memory whole. */

/** An archive that cannot be read or written, with the reason in words. */
export class ZipError extends Error {
  override name = 'ZipError';
}

const STORED = 0;
const DEFLATED = 8;
const MOST_ENTRIES = 2000;
/** Of all deflated files together; what is inflated is kept in memory. */
const MOST_INFLATED_BYTES = 512e6;
/** 1 January 1980, the first day that ZIP knows: the same files make the same archive. */
const FIRST_DAY = new Date(1980, 0, 1);

/**
 * The files of an archive by their path in it; folders and what macOS adds for itself are left out.
 * @throws ZipError when it is damaged, ambiguous, too large, or uses what browsers do not read
 */
export async function readZip(archive: Blob): Promise<Map<string, Blob>> {
  const reader = new ZipReader(new BlobReader(archive), { strictness: 'strict', checkSignature: true });
  try {
    const files = new Map<string, Blob>();
    for (const entry of await fileEntries(reader)) files.set(entry.filename, await contentOf(entry));
    return files;
  } catch (cause) {
    if (cause instanceof ZipError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ZipError(`This is no ZIP archive, or it is damaged (${reason}).`, { cause });
  } finally {
    await reader.close();
  }
}

async function fileEntries(reader: ZipReader<Blob>): Promise<FileEntry[]> {
  const files: FileEntry[] = [];
  let inflated = 0;
  for await (const entry of reader.getEntriesGenerator()) {
    if (entry.directory || entry.filename.startsWith('__MACOSX/')) continue;
    const { filename, compressionMethod, uncompressedSize } = entry;
    if (entry.encrypted) throw new ZipError(`"${filename}" is encrypted: unpack it first.`);
    if (compressionMethod !== STORED && compressionMethod !== DEFLATED)
      throw new ZipError(`"${filename}" is compressed in a way that browsers cannot read: unpack it first.`);
    inflated += compressionMethod === DEFLATED ? uncompressedSize : 0;
    if (inflated > MOST_INFLATED_BYTES)
      throw new ZipError('The archive holds more than 512 MB of compressed files: unpack it first.');
    if (files.push(entry) > MOST_ENTRIES)
      throw new ZipError('The archive holds more files than a model or an adapter has.');
  }
  return files;
}

/** Stops as soon as there is more than the entry announces. */
async function contentOf(entry: FileEntry): Promise<Blob> {
  try {
    const content = await entry.getData(new BlobWriter());
    if (content.size === entry.uncompressedSize) return content;
  } catch (cause) {
    throw new ZipError(`"${entry.filename}" in the archive is damaged.`, { cause });
  }
  throw new ZipError(`"${entry.filename}" in the archive is damaged.`);
}

/** An archive of these files, stored as they are: weights hardly compress. */
export async function writeZip(files: ReadonlyMap<string, Blob>): Promise<Blob> {
  const writer = new ZipWriter(new BlobWriter('application/zip'), {
    level: 0,
    lastModDate: FIRST_DAY,
    extendedTimestamp: false,
    dataDescriptor: false,
  });
  for (const [path, file] of files) await writer.add(path, new BlobReader(file));
  return writer.close();
}
