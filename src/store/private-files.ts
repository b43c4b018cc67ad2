import { StorageRefusedError } from './errors.ts';

/**
 * The origin's private file system.
 * @throws StorageRefusedError where there is none: over plain HTTP, where a page has no storage manager, and in some
 *   private windows
 */
export async function privateFiles(): Promise<FileSystemDirectoryHandle> {
  if (!('storage' in navigator) || !('getDirectory' in navigator.storage)) throw new StorageRefusedError();
  return navigator.storage.getDirectory();
}
