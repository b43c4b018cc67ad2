/** Records as JSON: what JSON cannot carry is spelled out under a key of one of these names. */
export type Dump = Record<string, unknown[]>;

const asNumbers = (value: Float32Array | Int32Array) => [...value];

/** One record, ready for JSON. */
export async function encode(value: unknown): Promise<unknown> {
  if (value instanceof Blob) return { $blob: asNumbersOf(new Uint8Array(await value.arrayBuffer())) };
  if (value instanceof Float32Array) return { $float32: asNumbers(value) };
  if (value instanceof Int32Array) return { $int32: asNumbers(value) };
  if (Array.isArray(value)) return Promise.all(value.map(encode));
  if (value === null || typeof value !== 'object') return value;
  const parts = Object.entries(value).map(async ([key, own]) => [key, await encode(own)] as const);
  return Object.fromEntries(await Promise.all(parts));
}

const asNumbersOf = (value: Uint8Array) => [...value];

/** The record that was encoded. */
export function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode);
  if (value === null || typeof value !== 'object') return value;
  const { $blob, $float32, $int32 } = value as Record<string, number[] | undefined>;
  if ($blob) return new Blob([Uint8Array.from($blob)]);
  if ($float32) return Float32Array.from($float32);
  if ($int32) return Int32Array.from($int32);
  return Object.fromEntries(Object.entries(value).map(([key, own]) => [key, decode(own)]));
}
