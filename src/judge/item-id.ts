import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Item } from './item.ts';

/** What an item's identity is made of: labels and rationales may change without making it another item. */
export type ItemContent = Pick<Item, 'instruction' | 'response' | 'criterion' | 'reference'>;

/**
 * Content hash of an item: the first 16 hex digits of a SHA-256. The four parts are joined as JSON, so that
 * moving text from one part to the next cannot collide.
 */
export function itemId({ instruction, response, criterion, reference }: ItemContent): string {
  const content = JSON.stringify([instruction, response, criterion, reference ?? null]);
  return bytesToHex(sha256(utf8ToBytes(content))).slice(0, 16);
}
