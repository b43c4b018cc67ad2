import { newId } from '../harness/new-id.ts';
import { privateFiles } from './private-files.ts';

/** The part of a file in place that this needs; only workers have it. */
interface Access {
  truncate(size: number): void;
  getSize(): number;
  close(): void;
}

/**
 * Whether so many bytes more can be stored, proved by reserving them: a file in the origin's private file system is
 * made that long, and removed. `navigator.storage.estimate` promises more than there is: under a quota of 20 MB
 * Chromium told of 10 GiB, and allowed no file of 21 MB. Runs in a worker.
 */
export async function proveRoom(bytes: number): Promise<boolean> {
  const root = await privateFiles();
  const name = `room-${newId()}`;
  try {
    const file = await root.getFileHandle(name, { create: true });
    const access = await (
      file as unknown as { createSyncAccessHandle(): Promise<Access> }
    ).createSyncAccessHandle();
    try {
      access.truncate(bytes);
      // Chromium 150 throws nothing where the quota does not allow it: the file just stays short.
      return access.getSize() === bytes;
    } finally {
      access.close();
    }
  } catch (error) {
    if (error instanceof DOMException && error.name === 'QuotaExceededError') return false;
    throw error;
  } finally {
    await root.removeEntry(name).catch(() => undefined);
  }
}
