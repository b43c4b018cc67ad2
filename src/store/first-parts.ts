import type { IDBPObjectStore } from 'idb';
import type { Schema } from './schema.ts';

/** Stores whose keys begin with a text that many records share. */
export type SharedStart = 'items' | 'rounds' | 'pairs' | 'decisions' | 'trainingStates' | 'steps' | 'snapshots' | 'judgments' | 'references' | 'readings'; // prettier-ignore

/** The distinct first parts of a store's keys: each jump skips all that share one. */
export async function firstParts<Name extends SharedStart>(
  stored: Pick<IDBPObjectStore<Schema, Name[], Name, IDBTransactionMode>, 'getAllKeys'>,
): Promise<string[]> {
  const parts: string[] = [];
  let range: IDBKeyRange | null = null;
  for (;;) {
    const [key] = (await stored.getAllKeys(range, 1)) as [string, ...unknown[]][];
    if (!key) return parts;
    parts.push(key[0]);
    range = IDBKeyRange.lowerBound([key[0], []]);
  }
}
