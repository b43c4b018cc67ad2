import { deflateSync, inflateSync } from 'fflate';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { LinkError } from './link-text.ts';
import { WORDS } from './words.ts';

/** Bytes of the unpacked text: own data by value take 16 kB, and nothing else comes near. */
const LARGEST = 256_000;

const DICTIONARY = utf8ToBytes(WORDS);

/** JSON, deflated (RFC 1951) with the words that both sides know. */
export function pack(value: unknown): Uint8Array {
  return deflateSync(utf8ToBytes(JSON.stringify(value)), { level: 9, dictionary: DICTIONARY });
}

/** @throws LinkError for what is no deflated JSON, and for what unfolds too far */
export function unpack(bytes: Uint8Array): unknown {
  try {
    // What does not fit into the buffer is dropped as it unfolds.
    const text = inflateSync(bytes, { dictionary: DICTIONARY, out: new Uint8Array(LARGEST + 1) });
    if (text.length > LARGEST)
      throw new LinkError(`This link unfolds to more than ${LARGEST} bytes, more than an experiment has.`);
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text)) as unknown;
  } catch (cause) {
    if (cause instanceof LinkError) throw cause;
    throw new LinkError('This link holds no experiment.', { cause });
  }
}
