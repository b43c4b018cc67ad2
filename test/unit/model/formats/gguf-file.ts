/** Writes GGUF files for tests, sound or not: whatever is asked for stands in the file. */

/** Numbers of the metadata types (gguf.h, enum gguf_type). */
export const TYPE = { u8: 0, u32: 4, f32: 6, bool: 7, string: 8, list: 9, u64: 10 } as const;

export interface TensorInfo {
  name: string;
  /** As the file has them: columns first. */
  dimensions: (number | bigint)[];
  /** ggml's type number; 0 is F32, 8 is Q8_0. */
  type: number;
  offset: number | bigint;
}

export interface GgufParts {
  magic?: string;
  version?: number;
  tensorCount?: bigint;
  metadataCount?: bigint;
  /** Key, type, value bytes. */
  metadata?: [key: string, type: number, value: Uint8Array][];
  tensors?: TensorInfo[];
  alignment?: number;
  data?: Uint8Array;
}

const encoder = new TextEncoder();
export const u32 = (...values: number[]) => new Uint8Array(Uint32Array.from(values).buffer);
export const u64 = (...values: (number | bigint)[]) =>
  new Uint8Array(BigUint64Array.from(values.map(BigInt)).buffer);
export const f32 = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
export const text = (value: string) => join(u64(encoder.encode(value).length), encoder.encode(value));
export const list = (type: number, length: number | bigint, ...values: Uint8Array[]) =>
  join(u32(type), u64(length), ...values);

export function join(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function ggufFile(parts: GgufParts): Uint8Array<ArrayBuffer> {
  const { metadata = [], tensors = [], alignment = 32 } = parts;
  const head = join(
    encoder.encode(parts.magic ?? 'GGUF'),
    u32(parts.version ?? 3),
    u64(parts.tensorCount ?? tensors.length, parts.metadataCount ?? metadata.length),
    ...metadata.flatMap(([key, type, value]) => [text(key), u32(type), value]),
    ...tensors.flatMap(({ name, dimensions, type, offset }) => [
      text(name),
      u32(dimensions.length),
      u64(...dimensions),
      u32(type),
      u64(offset),
    ]),
  );
  const data = parts.data ?? new Uint8Array();
  const padding = new Uint8Array(
    data.length > 0 ? Math.ceil(head.length / alignment) * alignment - head.length : 0,
  );
  return join(head, padding, data);
}
