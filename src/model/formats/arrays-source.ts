import type { NamedArray, NamedArrays } from './safetensors.ts';
import type { WeightEntry, WeightSource } from './weight-source.ts';

/** Weights that are in memory already, e.g. freshly initialised ones or a checkpoint, as a source. */
export function arraysSource(arrays: NamedArrays): WeightSource {
  const entries = new Map<string, WeightEntry>();
  for (const [name, { shape, data }] of arrays) {
    entries.set(name, { name, shape, format: 'f32', bytes: data.byteLength });
  }
  const find = (name: string): NamedArray => {
    const array = arrays.get(name);
    if (!array) throw new Error(`There is no array "${name}".`);
    return array;
  };
  const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) =>
    new Uint8Array(buffer, byteOffset, byteLength);
  return {
    entries,
    readRaw: async (name) => bytesOf(find(name).data),
    read: async (name) => find(name).data,
  };
}
