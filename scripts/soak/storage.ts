import type { BrowserContext } from 'playwright';

/** What an origin keeps in IndexedDB. */
export interface Storage {
  /** Bytes on disk, as the browser counts them. */
  used: number;
  /** Bytes of the records themselves: texts, numbers, arrays and blobs. */
  records: number;
  /** Records by object store. */
  counts: Record<string, number>;
}

/** Reads it from a tab of its own, so that the page under test is not disturbed. @param icon any file of the origin */
export async function readStorage(context: BrowserContext, icon: string): Promise<Storage> {
  const page = await context.newPage();
  try {
    await page.goto(icon);
    // tsx names inner functions through a helper of its own, which the page does not have.
    await page.evaluate('globalThis.__name = (named) => named');
    return await page.evaluate(readDatabase, 'judge-playground');
  } finally {
    await page.close();
  }
}

/** Runs in the page: sees nothing of this module. */
async function readDatabase(name: string): Promise<Storage> {
  const settled = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error!);
    });
  const sizeOf = (value: unknown): number => {
    if (typeof value === 'string') return value.length;
    if (value instanceof Blob) return value.size;
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return value.byteLength;
    if (typeof value !== 'object' || value === null) return 8;
    return Object.entries(value).reduce((sum, [key, part]) => sum + key.length + sizeOf(part), 0);
  };
  const database = await settled(indexedDB.open(name));
  const counts: Record<string, number> = {};
  let records = 0;
  for (const store of database.objectStoreNames) {
    const all = await settled<unknown[]>(database.transaction(store).objectStore(store).getAll());
    counts[store] = all.length;
    records += all.reduce<number>((sum, record) => sum + sizeOf(record), 0);
  }
  database.close();
  const estimate = (await navigator.storage.estimate()) as StorageEstimate & {
    usageDetails?: { indexedDB?: number };
  };
  return { used: estimate.usageDetails?.indexedDB ?? estimate.usage ?? 0, records, counts };
}
