import { contentHash } from '../data/split.ts';
import type { DataFacts } from '../harness/lab-run.ts';

/** Facts about data, from whatever decides them: items, ids, or a generator's name, version and seed. */
export function factsAbout(name: string, content: unknown, size: number): DataFacts {
  return { name, hash: contentHash(content), size };
}
