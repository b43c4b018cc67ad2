import { arraysSource } from '../../../src/model/formats/arrays-source.ts';
import { readSafetensors, type NamedArrays } from '../../../src/model/formats/safetensors.ts';
import { parseModelConfig } from '../../../src/model/config.ts';
import { createModel, type Model } from '../../../src/model/model.ts';

/** What transformers 5.18 computes from a fixture, see shared/fixtures/make_fixtures.py. */
export interface Golden {
  input_ids: number[][];
  greedy: number[][];
  logprobs: number[][];
}

const folderOf = (name: string) => `/test/fixtures/models/${name}/`;
const read = (name: string, file: string) => fetch(folderOf(name) + file);

export async function readGolden(name: string): Promise<Golden> {
  return (await read(name, 'golden.json')).json() as Promise<Golden>;
}

/** `logits.<prompt>` [tokens, vocabulary] */
export async function readGoldenLogits(name: string): Promise<NamedArrays> {
  return readSafetensors(await (await read(name, 'golden.safetensors')).arrayBuffer()).arrays;
}

export async function openFixture(name: string, files: string[]): Promise<Model> {
  const config = parseModelConfig(await (await read(name, 'config.json')).json());
  const arrays: NamedArrays = new Map();
  for (const file of files) {
    const part = readSafetensors(await (await read(name, file)).arrayBuffer()).arrays;
    for (const [key, array] of part) arrays.set(key, array);
  }
  return createModel(config, arraysSource(arrays));
}
