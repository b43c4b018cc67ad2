import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Item, Split } from '../judge/item.ts';
import type { Steps } from '../judge/steps.ts';

export const SPLITS: readonly Split[] = ['train', 'validation', 'heldout'];

/** Upper ends of the parts of [0, 1) that go to train and to validation; the rest is held out. */
const TRAIN_END = 0.7;
const VALIDATION_END = 0.8;

/**
 * The part that a text belongs to, by its hash alone. Two draws can therefore never put the same text into
 * different parts, whatever was drawn, imported or added in between.
 */
export function splitOf(key: string): Split {
  const place = new DataView(sha256(utf8ToBytes(key)).buffer).getUint32(0) / 2 ** 32;
  if (place < TRAIN_END) return 'train';
  return place < VALIDATION_END ? 'validation' : 'heldout';
}

/** Micro data are split by instruction and response: the same answer under two criteria stays together. */
export function microSplitKey(item: Pick<Item, 'instruction' | 'response'>): string {
  return JSON.stringify([item.instruction, item.response]);
}

/** Imported data are split by instruction: a judge is tested on questions that it has never seen. */
export function importSplitKey(item: Pick<Item, 'instruction'>): string {
  return item.instruction;
}

/** Divides items once and for good, by their instruction; each part in their order. Steps report items that were divided. */
export function* divideInSteps(items: readonly Item[]): Steps<Record<Split, Item[]>, number> {
  const parts: Record<Split, Item[]> = { train: [], validation: [], heldout: [] };
  for (const [index, item] of items.entries()) {
    parts[splitOf(importSplitKey(item))].push(item);
    yield index + 1;
  }
  return parts;
}

/** Hash of a division: 16 hex digits; independent of the order within a part. */
export function splitHash(parts: Record<Split, readonly string[]>): string {
  return contentHash(SPLITS.map((split) => [...parts[split]].sort()));
}

/** Hash of a data set with its labels: 16 hex digits; independent of the order of the items. */
export function itemsHash(items: readonly Item[]): string {
  const rows = items.map(({ id, score, rationale, family, slip }) =>
    JSON.stringify([id, score ?? null, rationale ?? null, family ?? null, slip ?? null]),
  );
  return contentHash(rows.sort());
}

/** How many items each part has, and a hash of them with their labels, in their order: a plan follows from it. */
export type ItemsFacts = Record<Split, { count: number; hash: string }>;

/** In steps: a project of 100,000 items takes seconds. */
export function* factsOf(items: Readonly<Record<Split, readonly Item[]>>): Steps<ItemsFacts> {
  const facts = function* (part: readonly Item[]) {
    const row = ({ id, score, rationale }: Item) => [id, score ?? null, rationale ?? null];
    return { count: part.length, hash: yield* listHash(part, row) };
  };
  return {
    train: yield* facts(items.train),
    validation: yield* facts(items.validation),
    heldout: yield* facts(items.heldout),
  };
}

/** The first 16 hex digits of a SHA-256 over the content as JSON. */
export function contentHash(content: unknown): string {
  return shortened(sha256(utf8ToBytes(JSON.stringify(content))));
}

/** The `contentHash` of `list.map(entryOf)`, an entry a step. */
function* listHash<Entry>(list: readonly Entry[], entryOf: (entry: Entry) => unknown): Steps<string> {
  const hash = sha256.create();
  let before = '[';
  for (const entry of list) {
    hash.update(utf8ToBytes(before + JSON.stringify(entryOf(entry))));
    before = ',';
    yield;
  }
  return shortened(hash.update(utf8ToBytes(before === '[' ? '[]' : ']')).digest());
}

const shortened = (hash: Uint8Array) => bytesToHex(hash).slice(0, 16);
