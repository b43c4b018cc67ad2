/** Read at a time: about 5 ms of work, so that a page stays responsive. */
const CHUNK = 1 << 20;

/** Remainders of all bytes by the polynomial 0x04C11DB7, bits reversed (ISO-HDLC; PKWARE APPNOTE 4.4.7). */
const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
  return remainder;
});

/** CRC-32 of a file, as ZIP archives hold it; read piece by piece. */
export async function crc32(file: Blob): Promise<number> {
  let sum = ~0;
  for (let at = 0; at < file.size; at += CHUNK) {
    const bytes = new Uint8Array(await file.slice(at, at + CHUNK).arrayBuffer());
    for (const byte of bytes) sum = (sum >>> 8) ^ REMAINDERS[(sum ^ byte) & 0xff]!;
  }
  return ~sum >>> 0;
}
