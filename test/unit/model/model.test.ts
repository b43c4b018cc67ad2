import * as tf from '@tensorflow/tfjs';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseModelConfig } from '../../../src/model/config.ts';
import { arraysSource } from '../../../src/model/formats/arrays-source.ts';
import type { NamedArrays } from '../../../src/model/formats/safetensors.ts';
import { initialWeights } from '../../../src/model/initialise.ts';
import { createModel, exportWeights, ModelWeightsError } from '../../../src/model/model.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const CONFIG = parseModelConfig({
  model_type: 'gemma3_text',
  vocab_size: 8,
  hidden_size: 8,
  intermediate_size: 8,
  num_hidden_layers: 1,
  num_attention_heads: 1,
  num_key_value_heads: 1,
  head_dim: 16,
  max_position_embeddings: 32,
});

const NORM = 'model.layers.0.self_attn.q_norm.weight';
let arrays: NamedArrays;
beforeEach(() => {
  arrays = initialWeights(CONFIG, 1);
  arrays.get(NORM)?.data.fill(0.25);
});

describe('norms that multiply by 1 + w', () => {
  test('hold the sum on the device, and leave as w', async () => {
    const before = tf.memory().numTensors;
    const model = await createModel(CONFIG, arraysSource(arrays));
    const norm = model.weights.get(NORM) as tf.Variable;
    expect([...(await norm.data())]).toEqual(Array(16).fill(1.25));
    const exported = await exportWeights(model);
    expect([...exported.keys()]).toEqual([...arrays.keys()]);
    for (const [name, { data }] of arrays) expect(exported.get(name)?.data, name).toEqual(data);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('stay as they are where the source holds the sum already', async () => {
    const model = await createModel(CONFIG, { ...arraysSource(arrays), normsIncludeOne: true });
    const norm = model.weights.get(NORM) as tf.Variable;
    expect([...(await norm.data())]).toEqual(Array(16).fill(0.25));
    model.dispose();
  });
});

describe('weights that do not fit', () => {
  const refusal = async (reason: RegExp) => {
    const before = tf.memory().numTensors;
    const opening = createModel(CONFIG, arraysSource(arrays));
    await expect(opening).rejects.toThrow(ModelWeightsError);
    await expect(opening).rejects.toThrow(reason);
    expect(tf.memory().numTensors).toBe(before);
  };

  test('a tensor is missing', async () => {
    arrays.delete('model.norm.weight');
    await refusal(/lack the tensor "model.norm.weight"/);
  });

  test('a tensor has another shape', async () => {
    arrays.set(NORM, { shape: [8], data: new Float32Array(8) });
    await refusal(/q_norm.weight" has shape \[8\], expected \[16\]/);
  });

  test('a bias that this architecture would ignore', async () => {
    arrays.set('model.layers.0.self_attn.q_proj.bias', { shape: [16], data: new Float32Array(16) });
    await refusal(/"model.layers.0.self_attn.q_proj.bias", for which/);
  });

  test('a layer more than the configuration has', async () => {
    arrays.set('model.layers.1.input_layernorm.weight', { shape: [8], data: new Float32Array(8) });
    await refusal(/"model.layers.1.input_layernorm.weight", for which/);
  });
});

test('a multimodal checkpoint names its language model by a prefix', async () => {
  const prefixed: NamedArrays = new Map(
    [...arrays].map(([name, array]) => [`language_model.${name}`, array]),
  );
  prefixed.set('vision_tower.patch.weight', { shape: [1], data: new Float32Array(1) });
  const model = await createModel(CONFIG, arraysSource(prefixed));
  expect(model.weights.size).toBe(arrays.size);
  model.dispose();
});
