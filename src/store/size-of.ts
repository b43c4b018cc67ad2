/**
 * About how many bytes a stored value takes: those of its numbers, texts and files. IndexedDB's own keys, indexes and
 * compression come on top or off, which no page can ask for.
 */
export function sizeOf(value: unknown): number {
  if (value instanceof Blob) return value.size;
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value === 'string') return textSize(value);
  if (typeof value === 'number') return Number.isInteger(value) ? 4 : 8;
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + sizeOf(one), 4);
  if (value === null || typeof value !== 'object') return 1;
  let sum = 4;
  for (const [key, own] of Object.entries(value)) sum += textSize(key) + sizeOf(own);
  return sum;
}

/** Browsers keep a text in one byte a character where all of them fit, else in two. */
function textSize(text: string): number {
  return 2 + (/^[\u0000-\u00ff]*$/.test(text) ? text.length : 2 * text.length);
}
