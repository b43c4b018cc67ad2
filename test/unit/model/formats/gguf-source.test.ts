import { existsSync, openAsBlob } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseModelConfig, weightShapes } from '../../../../src/model/config.ts';
import { dequantise } from '../../../../src/model/formats/dequantise.ts';
import { openGguf, type OpenedGguf } from '../../../../src/model/formats/gguf-source.ts';
import { floatToHalf, halfToFloat } from '../../../../src/model/formats/half.ts';
import { openSafetensors } from '../../../../src/model/formats/safetensors-source.ts';
import { f32, ggufFile, text, TYPE, u32, type GgufParts } from './gguf-file.ts';

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

/** `toEqual` takes seconds for a hundred thousand numbers. */
const sameBits = (a: Float32Array, b: Float32Array) => Buffer.from(a.buffer).equals(Buffer.from(b.buffer));

describe('a Llama written by llama.cpp', () => {
  test('in F32 is the checkpoint, value for value: names, shapes, order of the rows', async () => {
    const { weights } = await open('test/fixtures/models/llama-gguf/f32.gguf');
    expect([...weights.entries.keys()].toSorted()).toEqual([...published.entries.keys()].toSorted());
    for (const name of published.entries.keys())
      expect(sameBits(await weights.read(name), await published.read(name)), name).toBe(true);
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

describe('a small file', () => {
  const SIZES = { context_length: 64, embedding_length: 8, block_count: 1, feed_forward_length: 8 };
  const write = (tensors: Record<string, number[]>) => {
    const infos = Object.entries(tensors).map(([name, values], i) => {
      const dimensions = name === 'token_embd.weight' ? [8, values.length / 8] : [values.length];
      return { name, dimensions, type: 0, offset: 32 * i };
    });
    const metadata: GgufParts['metadata'] = [
      ['general.architecture', TYPE.string, text('llama')],
      ...Object.entries({ ...SIZES, 'attention.head_count': 2 }).map(
        ([key, value]): [string, number, Uint8Array] => [`llama.${key}`, TYPE.u32, u32(value)],
      ),
      ['llama.attention.layer_norm_rms_epsilon', TYPE.f32, f32(1e-5)],
    ];
    const data = new Uint8Array(32 * infos.length);
    Object.values(tensors).forEach((values, i) => data.set(f32(...values), 32 * i));
    return new Blob([ggufFile({ metadata, tensors: infos, data })]);
  };
  const eight = [0, 1, 2, 3, 4, 5, 6, 7];

  test('rope_freqs is configuration, not a weight', async () => {
    const { config, weights } = await openGguf(
      write({ 'token_embd.weight': eight, 'rope_freqs.weight': [1, 8] }),
    );
    expect(config['rope_scaling']).toEqual({ rope_type: 'divisors', divisors: [1, 8] });
    expect([...weights.entries.keys()]).toEqual(['model.embed_tokens.weight']);
  });

  test('a bias of the queries is put back in order as its rows are', async () => {
    const { config, weights } = await openGguf(
      write({ 'token_embd.weight': eight, 'blk.0.attn_q.bias': eight }),
    );
    // two heads of four: elements 0 1 | 2 3 were interleaved to 0 2 1 3
    expect([...(await weights.read('model.layers.0.self_attn.q_proj.bias'))]).toEqual([
      0, 2, 1, 3, 4, 6, 5, 7,
    ]);
    expect(config['attention_bias']).toBe(true);
  });

  test('a tensor that no Llama has is refused by name', async () => {
    const file = write({ 'token_embd.weight': eight, 'blk.0.ffn_gate_inp.weight': eight });
    await expect(openGguf(file)).rejects.toThrow(/"blk\.0\.ffn_gate_inp\.weight" has no place/);
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
