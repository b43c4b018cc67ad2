import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { base64url, fromBase64url } from '../harness/base64url.ts';

/** Thrown for a link that cannot be opened; the message says what happened to it and what to do. */
export class LinkError extends Error {
  override name = 'LinkError';
}

const FORM = /#v(\d+)(?:\.([\w-]*))?(?:\.([\w-]*))?/;
const VERSION = 1;
/** Base64url digits: 48 bits, so that a link that was cut or altered passes once in 10¹⁴ times. */
const CHECKSUM_DIGITS = 8;
/** The longest that is read. Own data may take 16 kB before it is packed. */
const LONGEST = 40_000;

/** `#v1.<checksum>.<payload>`: what stands behind the address of the page. */
export function linkText(payload: Uint8Array): string {
  const digits = base64url(payload);
  return `#v${VERSION}.${checksumOf(digits)}.${digits}`;
}

/** Whether a text holds a link of ours, whole or not. */
export const isLink = (text: string): boolean => FORM.test(text);

/**
 * The payload of a link, or of an address or a message that holds one: what a chat program put before or behind it does
 * not matter.
 * @throws LinkError for a text without a link, a link of a later version, one that was cut or altered, one too long
 */
export function payloadOf(text: string): Uint8Array {
  if (text.length > LONGEST)
    throw new LinkError(
      `This link has ${text.length} characters; the longest that is opened has ${LONGEST}.`,
    );
  const [, version, checksum = '', digits = ''] = FORM.exec(text) ?? [];
  if (version === undefined) throw new LinkError('There is no link here: one begins with "#v1.".');
  if (Number(version) !== VERSION)
    throw new LinkError(
      `This link is of version ${version}; this page opens version ${VERSION}. Open it with a newer page.`,
    );
  if (checksum !== checksumOf(digits))
    throw new LinkError(
      'This link was cut off or altered on its way. Ask for it again, as a file or as text that nothing shortens.',
    );
  try {
    return fromBase64url(digits);
  } catch (cause) {
    // Its checksum is right: it was made so.
    throw new LinkError('This link holds nothing that can be read.', { cause });
  }
}

const checksumOf = (digits: string): string =>
  base64url(sha256(utf8ToBytes(digits))).slice(0, CHECKSUM_DIGITS);
