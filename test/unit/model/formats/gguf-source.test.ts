import { existsSync, openAsBlob } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseModelConfig, weightShapes } from '../../../../src/model/config.ts';
import { dequantise } from '../../../../src/model/formats/dequantise.ts';
import { openGguf, type OpenedGguf } from '../../../../src/model/formats/gguf-source.ts';
import { floatToHalf, halfToFloat } from '../../../../src/model/formats/half.ts';
import { openSafetensors } from '../../../../src/model/formats/safetensors-source.ts';

const open = async (path: string) => openGguf(await openAsBlob(path));

/** The Hugging Face checkpoint that the GGUF files were made from. */
const published = (await openSafetensors(
  new Map([['model.safetensors', await openAsBlob('test/fixtures/models/llama/model.safetensors')]]),
))!;

async function expectShapesOf({ config, weights }: OpenedGguf): Promise<number> {
  const shapes = weightShapes(parseModelConfig(config));
  expect([...weights.entries.keys()].toSorted()).toEqual([...shapes.keys()].toSorted());
  let values = 0;
  for (const [name, shape] of shapes) {
    expect(weights.entries.get(name)?.shape, name).toEqual(shape);
    const data = await weights.read(name);
    expect(data.length, name).toBe(shape.reduce((a, b) => a * b, 1));
    values += data.length;
  }
  return values;
}

describe('a Llama written by llama.cpp', () => {
  test('in F32 is the checkpoint, value for value: names, shapes, order of the rows', async () => {
    const { weights } = await open('test/fixtures/models/llama-gguf/f32.gguf');
    expect([...weights.entries.keys()].toSorted()).toEqual([...published.entries.keys()].toSorted());
    for (const name of published.entries.keys())
      expect(await weights.read(name), name).toEqual(await published.read(name));
  });

  test('in F16 is the checkpoint, rounded', async () => {
    const { weights } = await open('test/fixtures/models/llama-gguf/f16.gguf');
    const name = 'model.layers.1.self_attn.q_proj.weight';
    const rounded = (await published.read(name)).map((w) => halfToFloat(floatToHalf(w)));
    expect(await weights.read(name)).toEqual(rounded);
  });

  test.each([
    ['q8_0', 0.005],
    ['q4_0', 0.08],
  ])('in %s is near the checkpoint, and its blocks move with their rows', async (format, relative) => {
    const { weights } = await open(`test/fixtures/models/llama-gguf/${format}.gguf`);
    for (const name of ['model.layers.0.self_attn.k_proj.weight', 'model.layers.2.mlp.down_proj.weight']) {
      const [values, exact] = [await weights.read(name), await published.read(name)];
      const largest = exact.reduce((most, w) => Math.max(most, Math.abs(w)), 0);
      const error = values.reduce((most, w, i) => Math.max(most, Math.abs(w - exact[i]!)), 0);
      expect(error).toBeLessThan(relative * largest);
      expect(dequantise(await weights.readRaw(name), weights.entries.get(name)!.format)).toEqual(values);
    }
  });

  test('has the config of its checkpoint', async () => {
    const { config } = await open('test/fixtures/models/llama-gguf/q8_0.gguf');
    expect(config).toMatchObject({
      model_type: 'llama',
      vocab_size: 768,
      hidden_size: 64,
      intermediate_size: 160,
      num_hidden_layers: 3,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      head_dim: 16,
      max_position_embeddings: 512,
      rope_theta: 10_000,
      rope_scaling: null,
      tie_word_embeddings: true,
      bos_token_id: 1,
      eos_token_id: 2,
      pad_token_id: 0,
    });
  });
});

const TINY = '../shared/fixtures/models/llama-2-tiny-random-gguf/llama-2-tiny-random.gguf';
const GEMMA = '../shared/models/gemma3-270m-en/gemma3-270m-en.q4_k_m.gguf';

/** Others' weights, read where they lie. */
function whenThere(path: string) {
  if (!existsSync(path)) console.info(`skipped: there is no ${path}`);
  return test.skipIf(!existsSync(path));
}

describe('published files', () => {
  whenThere(TINY)('a Llama 2 of F16 with its own output head', async () => {
    const { weights, config } = await open(TINY);
    expect(config).toMatchObject({ head_dim: 4, tie_word_embeddings: false, vocab_size: 32_000 });
    expect(weights.entries.get('lm_head.weight')).toMatchObject({ shape: [32_000, 8], format: 'f16' });
    for (const name of weights.entries.keys()) await weights.read(name);
  });

  whenThere(GEMMA)(
    'Gemma 3 270M of five tensor types: every tensor has its place and is finite',
    { timeout: 120_000 },
    async () => {
      const opened = await open(GEMMA);
      expect(opened.config).toMatchObject({
        model_type: 'gemma3_text',
        head_dim: 256,
        num_key_value_heads: 1,
        sliding_window: 512,
        rope_theta: 1_000_000,
        rope_local_base_freq: 10_000,
        query_pre_attn_scalar: 256,
        bos_token_id: 2,
        eos_token_id: 1,
      });
      const kinds = opened.config['layer_types'] as string[];
      expect(kinds.flatMap((kind, layer) => (kind === 'full_attention' ? [layer] : []))).toEqual([5, 11, 17]);
      expect(opened.weights.normsIncludeOne).toBe(true);
      expect(await expectShapesOf(opened)).toBe(142_269_056);
    },
  );
});
