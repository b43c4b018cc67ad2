import { contentHash, factsOf, itemsHash } from '../../data/split.ts';
import type { Item, Split } from '../../judge/item.ts';
import { atOnce } from '../../judge/steps.ts';
import { chunksOf } from '../../model/formats/stream-chunks.ts';
import { createFileDigest } from '../../store/file-digest.ts';
import { Bundle } from './read-bundle.ts';

/** The items of a project's file, and what it is known by. */
export interface FileItems {
  items: Item[];
  /** Of the items, as projects know them (`itemsHash`) and as labs do, which ask them in their order. */
  hashes: string[];
  /** Of the whole file: 64 hex digits. */
  sha256: string;
}

/** Reads the items, and nothing else. @throws BundleError */
export async function readItems(file: Blob): Promise<FileItems> {
  const bundle = await Bundle.open(file);
  try {
    const parts: Record<Split, Item[]> = { train: [], validation: [], heldout: [] };
    for await (const { split, item } of bundle.records('items')) parts[split].push(item);
    const items = Object.values(parts).flat();
    const hashes = [itemsHash(items), contentHash(atOnce(factsOf(parts)))];
    return { items, hashes, sha256: await hashOf(file) };
  } finally {
    await bundle.close();
  }
}

async function hashOf(file: Blob): Promise<string> {
  const digest = createFileDigest('sha256', file.size);
  for await (const chunk of chunksOf(file.stream())) digest.update(chunk);
  return digest.hex();
}
