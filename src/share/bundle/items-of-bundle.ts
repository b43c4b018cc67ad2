import { itemsHash } from '../../data/split.ts';
import type { Item } from '../../judge/item.ts';
import { chunksOf } from '../../model/formats/stream-chunks.ts';
import { createFileDigest } from '../../store/file-digest.ts';
import { Bundle } from './read-bundle.ts';

/** The items of a project's file, and what it is known by. */
export interface FileItems {
  items: Item[];
  /** Of the items: `itemsHash`. */
  itemsHash: string;
  /** Of the whole file: 64 hex digits. */
  sha256: string;
}

/** Reads the items, and nothing else. @throws BundleError */
export async function readItems(file: Blob): Promise<FileItems> {
  const bundle = await Bundle.open(file);
  try {
    const items: Item[] = [];
    for await (const { item } of bundle.records('items')) items.push(item);
    return { items, itemsHash: itemsHash(items), sha256: await hashOf(file) };
  } finally {
    await bundle.close();
  }
}

async function hashOf(file: Blob): Promise<string> {
  const digest = createFileDigest('sha256', file.size);
  for await (const chunk of chunksOf(file.stream())) digest.update(chunk);
  return digest.hex();
}
