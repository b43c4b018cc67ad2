import { StorageFullError } from './errors.ts';
import { createFileDigest } from './file-digest.ts';
import { openModelsFolder } from './model-library.ts';
import {
  folderName,
  MANIFEST,
  MODELS,
  partName,
  type ManifestFile,
  type ModelManifest,
} from './model-manifest.ts';

/** What TypeScript's DOM library leaves to its worker library: files of OPFS that are written in place. */
interface SyncAccessHandle {
  read(buffer: Uint8Array, options: { at: number }): number;
  write(buffer: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
  getSize(): number;
  flush(): void;
  close(): void;
}

interface WritableFile {
  createSyncAccessHandle(): Promise<SyncAccessHandle>;
  move(name: string): Promise<void>;
}

/** Thrown when another tab is downloading the same model. */
export class DownloadedElsewhereError extends Error {
  override name = 'DownloadedElsewhereError';
  constructor(options?: ErrorOptions) {
    super('This model is being downloaded in another tab. Follow it there.', options);
  }
}

/** Thrown when a file arrived, but is not what was published. */
export class WrongHashError extends Error {
  override name = 'WrongHashError';
  constructor(path: string) {
    super(
      `${path} did not arrive as it was published: its hash is wrong. What arrived of it was discarded; ` +
        'resume to fetch it again.',
    );
  }
}

const CHECK_CHUNK = 4 << 20;

/**
 * Writes models into the private file system. Lives in a worker, where files can be written in place: what arrived
 * before a reload or a crash is there afterwards. One file at a time is open.
 */
export class ModelWriter {
  #folder: FileSystemDirectoryHandle | null = null;
  #open: { file: WritableFile; access: SyncAccessHandle; wanted: ManifestFile; bytes: number } | null = null;

  /**
   * Makes the model's folder, with its manifest in place before anything else. What is there of another revision goes:
   * its files must not be taken for those of this one.
   */
  async begin(manifest: ModelManifest, folder = MODELS): Promise<void> {
    const models = await openModelsFolder(folder);
    const name = folderName(manifest.name);
    const text = JSON.stringify(manifest);
    this.#folder = await models.getDirectoryHandle(name, { create: true });
    if ((await this.#text(MANIFEST)) === text) return;
    await models.removeEntry(name, { recursive: true });
    this.#folder = await models.getDirectoryHandle(name, { create: true });
    const access = await accessOf(await this.#file(MANIFEST));
    access.write(new TextEncoder().encode(text), { at: 0 });
    access.close();
  }

  /**
   * Opens the part of a file that has arrived. Resolves with its size, from which to go on; with `whole` when the file
   * is there and was checked.
   */
  async openPart(wanted: ManifestFile): Promise<{ bytes: number; whole: boolean }> {
    if (await this.#isWhole(wanted)) return { bytes: wanted.bytes, whole: true };
    const file = await this.#file(partName(wanted.path));
    const access = await accessOf(file);
    if (access.getSize() > wanted.bytes) access.truncate(0);
    this.#open = { file, access, wanted, bytes: access.getSize() };
    return { bytes: this.#open.bytes, whole: false };
  }

  /** Appends to the open part. @throws StorageFullError */
  append(bytes: Uint8Array): void {
    const open = this.#opened;
    try {
      open.bytes += open.access.write(bytes, { at: open.bytes });
    } catch (cause) {
      if (cause instanceof DOMException && cause.name === 'QuotaExceededError')
        throw new StorageFullError({ cause });
      throw cause;
    }
  }

  /** Forgets what has arrived of the open part. */
  restart(): void {
    this.#opened.access.truncate(0);
    this.#opened.bytes = 0;
  }

  /**
   * Reads the open part back from the disk and gives it its name when size and hash are right.
   * @throws WrongHashError when they are not; the part is then empty
   */
  async finishPart(onChecked: (bytes: number) => void): Promise<void> {
    const { file, access, wanted } = this.#opened;
    access.flush();
    const right =
      access.getSize() === wanted.bytes && digestOf(access, wanted, onChecked) === wanted.hash.hex;
    if (!right) this.restart();
    this.closePart();
    if (!right) throw new WrongHashError(wanted.path);
    await file.move(wanted.path);
  }

  /** Leaves the open part as it is; it can be gone on with later. */
  closePart(): void {
    this.#open?.access.flush();
    this.#open?.access.close();
    this.#open = null;
  }

  get #opened() {
    if (!this.#open) throw new Error('No file is open.');
    return this.#open;
  }

  async #isWhole({ path, bytes }: ManifestFile): Promise<boolean> {
    const handle = await this.#folder?.getFileHandle(path).catch(() => null);
    return (await handle?.getFile())?.size === bytes;
  }

  async #text(name: string): Promise<string | null> {
    const handle = await this.#folder?.getFileHandle(name).catch(() => null);
    return (await handle?.getFile())?.text() ?? null;
  }

  async #file(name: string): Promise<WritableFile> {
    if (!this.#folder) throw new Error('No model was begun.');
    return (await this.#folder.getFileHandle(name, { create: true })) as unknown as WritableFile;
  }
}

async function accessOf(file: WritableFile): Promise<SyncAccessHandle> {
  try {
    return await file.createSyncAccessHandle();
  } catch (cause) {
    // The handle is exclusive: somebody else holds it.
    if (cause instanceof DOMException && cause.name === 'NoModificationAllowedError')
      throw new DownloadedElsewhereError({ cause });
    throw cause;
  }
}

function digestOf(
  access: SyncAccessHandle,
  { hash, bytes }: ManifestFile,
  onChecked: (bytes: number) => void,
): string {
  const digest = createFileDigest(hash.algorithm, bytes);
  const chunk = new Uint8Array(Math.min(CHECK_CHUNK, bytes));
  for (let at = 0; at < bytes;) {
    const read = access.read(chunk, { at });
    if (read === 0) break;
    digest.update(chunk.subarray(0, read));
    at += read;
    onChecked(at);
  }
  return digest.hex();
}
