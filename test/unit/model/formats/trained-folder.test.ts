import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { trainedFolder } from '../../../../src/model/formats/merge.ts';
import { openModel } from '../../../../src/model/formats/open-model.ts';
import { readSafetensors, writeSafetensors } from '../../../../src/model/formats/safetensors.ts';

const FOLDER = 'test/fixtures/models/llama';
const NAMES = [
  'config.json',
  'generation_config.json',
  'model.safetensors',
  'tokenizer.json',
  'tokenizer_config.json',
];
const given = new Map(NAMES.map((name) => [name, new Blob([readFileSync(`${FOLDER}/${name}`)])]));

/** As an engine returns them after training: the names of the model, no metadata. */
async function trainedWeights(): Promise<ArrayBuffer> {
  const { arrays } = readSafetensors(await given.get('model.safetensors')!.arrayBuffer());
  for (const [name, { shape, data }] of arrays) arrays.set(name, { shape, data: data.map((w) => w + 1) });
  return writeSafetensors(arrays);
}

test('a model of trained weights opens again, and names the format that transformers asks for', async () => {
  const trained = await trainedWeights();
  const files = await trainedFolder(given, trained);
  expect([...files.keys()].toSorted()).toEqual(NAMES.toSorted());
  expect(JSON.parse(await files.get('config.json')!.text())).toMatchObject({ dtype: 'float32' });
  const { metadata } = readSafetensors(await files.get('model.safetensors')!.arrayBuffer());
  expect(metadata.get('format')).toBe('pt');
  const { weights } = await openModel(files);
  const { arrays } = readSafetensors(trained);
  for (const [name, { data }] of arrays) expect(await weights.read(name)).toEqual(data);
});
