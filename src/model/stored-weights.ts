import type { ModelConfig } from './config.ts';
import type { WeightSource } from './formats/weight-source.ts';

/** What a multimodal checkpoint puts before, or into, the names of its language model. */
const PREFIXES: ((name: string) => string)[] = [
  (name) => name,
  (name) => `language_model.${name}`,
  (name) => name.replace(/^model\./, 'model.language_model.'),
];

/** The name under which a checkpoint stores a weight; undefined where it has none. */
export function storedName(source: WeightSource, name: string): string | undefined {
  return PREFIXES.map((prefixed) => prefixed(name)).find((stored) => source.entries.has(stored));
}

/** Norms that multiply by 1 + w hold the sum while they are on the device, so that every norm is the same operation. */
export const addsOne = (config: ModelConfig, name: string): boolean =>
  config.normsAddOne && name.endsWith('norm.weight');
