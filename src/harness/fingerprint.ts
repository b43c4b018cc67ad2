import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { atOnce, type Steps } from '../judge/steps.ts';
import { base64url } from './base64url.ts';

/** 48 bits: two different stages look alike once in 10¹⁴ times, and a link has room for them. */
const BYTES = 6;

/**
 * What a stage came to, in eight letters: two that are the same did the same, bit for bit. The parts are hashed as JSON
 * lines, so that moving text from one to the next cannot collide.
 * @param parts values that JSON carries whole, in an order that the same work always has
 */
export function fingerprint(parts: Iterable<unknown>): string {
  return atOnce(fingerprintInSteps(parts));
}

/** The same, a part a step: the tokens of a round take longer than a page may stand still. */
export function* fingerprintInSteps(parts: Iterable<unknown>): Steps<string> {
  const hash = sha256.create();
  for (const part of parts) {
    hash.update(utf8ToBytes(`${JSON.stringify(part)}\n`));
    yield;
  }
  return base64url(hash.digest().slice(0, BYTES));
}
