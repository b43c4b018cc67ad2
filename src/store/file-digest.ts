import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { FileHash } from '../model/formats/hub.ts';

/** A hash that is fed piece by piece: the browser's own (`crypto.subtle`) wants the whole file in memory. */
export interface FileDigest {
  update(bytes: Uint8Array): void;
  hex(): string;
}

/** The digest that a file of this size is to be checked with. Git hashes "blob <size>\0" before the content. */
export function createFileDigest(algorithm: FileHash['algorithm'], size: number): FileDigest {
  const hash = algorithm === 'sha256' ? sha256.create() : sha1.create();
  if (algorithm === 'git-blob') hash.update(new TextEncoder().encode(`blob ${size}\0`));
  return {
    update: (bytes) => void hash.update(bytes),
    hex: () => Array.from(hash.digest(), (byte) => byte.toString(16).padStart(2, '0')).join(''),
  };
}
