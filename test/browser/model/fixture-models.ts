import { openWeights } from '../../../src/model/formats/model-weights.ts';
import { readSafetensors, type NamedArrays } from '../../../src/model/formats/safetensors.ts';
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

/** @param files the files that hold weights; config.json and generation_config.json are there always */
export async function openFixture(name: string, files: string[]): Promise<Model> {
  const folder = new Map<string, Blob>();
  for (const file of ['config.json', 'generation_config.json', ...files]) {
    folder.set(file, await (await read(name, file)).blob());
  }
  const { config, weights } = await openWeights(folder);
  return createModel(config, weights);
}
