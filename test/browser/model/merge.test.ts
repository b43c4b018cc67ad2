import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { arraysSource } from '../../../src/model/formats/arrays-source.ts';
import { mergeAdapter } from '../../../src/model/formats/merge.ts';
import { readAdapter } from '../../../src/model/formats/peft.ts';
import { readSafetensors } from '../../../src/model/formats/safetensors.ts';
import { logits } from '../../../src/model/forward.ts';
import { packedHidden } from '../../../src/model/logprobs.ts';
import { disposeLora, loraFromArrays } from '../../../src/model/lora.ts';
import { createModel, type Model } from '../../../src/model/model.ts';
import { disposePacked, packGroups, packedTensors } from '../../../src/model/packed-batch.ts';
import { parseModelConfig } from '../../../src/model/config.ts';
import { startBackend } from '../../../src/tensor/backend.ts';
import { readGolden } from './fixture-models.ts';

async function fetchFolder(url: string, names: string[]): Promise<Map<string, Blob>> {
  return new Map(
    await Promise.all(names.map(async (name) => [name, await (await fetch(url + name)).blob()] as const)),
  );
}

async function open(folder: ReadonlyMap<string, Blob>): Promise<Model> {
  const config = parseModelConfig(JSON.parse(await folder.get('config.json')!.text()));
  const { arrays } = readSafetensors(await folder.get('model.safetensors')!.arrayBuffer());
  return createModel(config, arraysSource(arrays));
}

async function logitsOf(model: Model, ids: Int32Array): Promise<Float32Array> {
  const batch = packedTensors(packGroups([{ prompt: ids, completions: [] }]));
  model.rotary.cover(batch.length);
  const rows = tf.tidy(() => logits(model, packedHidden(model, batch)));
  const values = (await rows.data()) as Float32Array;
  rows.dispose();
  disposePacked(batch);
  return values;
}

const largest = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

test('a merged model gives the logits of the model with its adapter', async () => {
  await startBackend('wasm');
  const base = await fetchFolder('/test/fixtures/models/llama/', ['config.json', 'model.safetensors']);
  const files = await fetchFolder('/test/fixtures/dpo/adapter-initial/', [
    'adapter_config.json',
    'adapter_model.safetensors',
  ]);
  const ids = Int32Array.from((await readGolden('llama')).input_ids[0]!);
  const before = tf.memory().numTensors;

  const model = await open(base);
  const plain = await logitsOf(model, ids);
  const adapter = await readAdapter(files, model.config);
  model.lora = loraFromArrays(model.config, readSafetensors(adapter.weights).arrays, adapter);
  const adapted = await logitsOf(model, ids);
  disposeLora(model.lora);
  model.dispose();

  const merged = await open(await mergeAdapter(base, adapter, 'float32'));
  const folded = await logitsOf(merged, ids);
  merged.dispose();

  expect(largest(adapted, plain)).toBeGreaterThan(0.1);
  expect(largest(folded, adapted)).toBeLessThan(1e-4);
  expect(tf.memory().numTensors).toBe(before);
});
