import { inWords } from './errors.ts';
import {
  folderName,
  MANIFEST,
  MODELS,
  partName,
  readManifest,
  totalBytes,
  type ManifestFile,
  type ModelManifest,
} from './model-manifest.ts';
import { privateFiles } from './private-files.ts';

/** A model in the browser's file system, whole or in part. */
export interface StoredModel {
  manifest: ModelManifest;
  /** What lies on the disk, and what will. */
  bytes: number;
  totalBytes: number;
  /** Whether every file has arrived and its hash was right. */
  complete: boolean;
}

/** Room for this site, as the browser estimates it; null where it does not say. */
export interface StorageRoom {
  free: number;
  quota: number;
}

/** Thrown when a model is asked for that is not stored, or not whole. */
export class ModelNotStoredError extends Error {
  override name = 'ModelNotStoredError';
  constructor(name: string) {
    super(`${name} is not stored whole in this browser. Download it first, or go on with its download.`);
  }
}

/** Models in the origin's private file system: `models/<name>/`, each with its manifest. Written by ModelWriter. */
export class ModelLibrary {
  readonly #models: FileSystemDirectoryHandle;

  private constructor(models: FileSystemDirectoryHandle) {
    this.#models = models;
  }

  /** @throws StorageRefusedError where there is no such file system, as in some private windows */
  static async open(folder = MODELS): Promise<ModelLibrary> {
    return new ModelLibrary(await openModelsFolder(folder));
  }

  /**
   * By name. A folder whose manifest was never finished holds nothing and is removed; one that holds files under a manifest
   * that cannot be read (a newer version's, say) is left alone.
   */
  async list(): Promise<StoredModel[]> {
    const found: StoredModel[] = [];
    for await (const [name, handle] of this.#models.entries()) {
      if (handle.kind !== 'directory') continue;
      const manifest = await manifestOf(handle).catch(() => null);
      if (manifest) found.push(await describe(handle, manifest));
      else if (await holdsNothing(handle)) await this.#remove(name);
    }
    return found.sort((a, b) => a.manifest.name.localeCompare(b.manifest.name));
  }

  /** The files of a whole model; they are read from the disk when needed. @throws ModelNotStoredError */
  async files(name: string): Promise<ReadonlyMap<string, File>> {
    const folder = await this.#models.getDirectoryHandle(folderName(name)).catch(() => {
      throw new ModelNotStoredError(name);
    });
    const manifest = await manifestOf(folder);
    const files = await Promise.all(
      manifest.files.map(async (file): Promise<[string, File]> => {
        const stored = await fileOf(folder, file.path);
        if (stored?.size !== file.bytes) throw new ModelNotStoredError(name);
        return [file.path, stored];
      }),
    );
    return new Map(files);
  }

  /** Removes a model and what has arrived of it. */
  async remove(name: string): Promise<void> {
    await this.#remove(folderName(name));
  }

  async #remove(folder: string): Promise<void> {
    await this.#models.removeEntry(folder, { recursive: true }).catch((error: unknown) => {
      if (!(error instanceof DOMException && error.name === 'NotFoundError')) throw error;
    });
  }
}

/** @throws StorageRefusedError */
export function openModelsFolder(folder: string): Promise<FileSystemDirectoryHandle> {
  return inWords(async () => {
    const root = await privateFiles();
    return root.getDirectoryHandle(folder, { create: true });
  });
}

/** How much more this site may store. */
export async function storageRoom(): Promise<StorageRoom | null> {
  if (!('storage' in navigator)) return null;
  const { usage, quota } = await navigator.storage.estimate();
  if (usage === undefined || quota === undefined) return null;
  return { free: Math.max(0, quota - usage), quota };
}

async function manifestOf(folder: FileSystemDirectoryHandle): Promise<ModelManifest> {
  const handle = await folder.getFileHandle(MANIFEST);
  return readManifest(await (await handle.getFile()).text());
}

async function holdsNothing(folder: FileSystemDirectoryHandle): Promise<boolean> {
  for await (const name of folder.keys()) if (name !== MANIFEST) return false;
  return true;
}

async function describe(folder: FileSystemDirectoryHandle, manifest: ModelManifest): Promise<StoredModel> {
  const there = await Promise.all(manifest.files.map((file) => bytesOf(folder, file)));
  return {
    manifest,
    bytes: there.reduce((sum, { bytes }) => sum + bytes, 0),
    totalBytes: totalBytes(manifest),
    complete: there.every(({ whole }) => whole),
  };
}

async function bytesOf(
  folder: FileSystemDirectoryHandle,
  { path, bytes }: ManifestFile,
): Promise<{ bytes: number; whole: boolean }> {
  const whole = await fileOf(folder, path);
  if (whole?.size === bytes) return { bytes, whole: true };
  return { bytes: (await fileOf(folder, partName(path)))?.size ?? 0, whole: false };
}

async function fileOf(folder: FileSystemDirectoryHandle, name: string): Promise<File | null> {
  try {
    return await (await folder.getFileHandle(name)).getFile();
  } catch {
    return null;
  }
}
