import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** Several answers to one instruction, to be compared. */
export interface Comparison {
  instruction: string;
  /** The answers, one or more; a request may show them in another order. */
  responses: string[];
  criterion: string;
  reference?: string;
}

/** A comparison with its place in a data set. */
export interface ComparisonItem extends Comparison {
  /** Content hash, see `comparisonId`. */
  id: string;
  /** Which of two answers is truly better, where that is known. */
  label?: 'first' | 'second' | 'tie';
  /** Where it comes from: a task family, or what an imported file names. */
  source?: string;
}

/** Content hash of a comparison: the first 16 hex digits of a SHA-256 over its parts, joined as JSON. */
export function comparisonId({ instruction, responses, criterion, reference }: Comparison): string {
  const content = JSON.stringify([instruction, responses, criterion, reference ?? null]);
  return bytesToHex(sha256(utf8ToBytes(content))).slice(0, 16);
}
