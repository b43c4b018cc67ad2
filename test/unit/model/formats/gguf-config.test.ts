import { describe, expect, test } from 'vitest';
import { parseModelConfig } from '../../../../src/model/config.ts';
import { configFromGguf } from '../../../../src/model/formats/gguf-config.ts';
import { endTokens } from '../../../../src/model/formats/gguf-end-tokens.ts';
import type { GgufTensor } from '../../../../src/model/formats/gguf-header.ts';
import { GgufError } from '../../../../src/model/formats/gguf-error.ts';
import { huggingFaceName } from '../../../../src/model/formats/gguf-names.ts';

const SIZES = {
  context_length: 4096,
  embedding_length: 64,
  block_count: 8,
  feed_forward_length: 160,
  'attention.head_count': 4,
  'attention.head_count_kv': 2,
  'attention.layer_norm_rms_epsilon': 1e-6,
};
const EMBEDDING: GgufTensor = {
  name: 'token_embd.weight',
  shape: [768, 64],
  format: 'f32',
  begin: 0,
  end: 1,
};

function configOf(
  architecture: string,
  keys: Record<string, unknown> = {},
  divisors: Float32Array | null = null,
) {
  return configFromGguf({ metadata: metadataOf(architecture, keys), tensors: [EMBEDDING] }, divisors);
}

function metadataOf(architecture: string, keys: Record<string, unknown> = {}): Map<string, unknown> {
  const own = Object.entries({ ...SIZES, ...keys }).map(([key, value]) => [`${architecture}.${key}`, value]);
  return new Map<string, unknown>([['general.architecture', architecture], ...(own as [string, unknown][])]);
}

describe('tokens that end a text', () => {
  const tokens = ['<eos>', 'a', '<end_of_turn>', '<|eot_id|>'];
  const endsOf = (keys: Record<string, unknown>) =>
    endTokens(
      new Map(Object.entries({ 'tokenizer.ggml.tokens': tokens, 'tokenizer.ggml.eos_token_id': 0, ...keys })),
    );

  test('are those that the file names, each once', () => {
    expect(endsOf({})).toEqual([0]);
    const named = { 'tokenizer.ggml.eot_token_id': 3, 'tokenizer.ggml.eom_token_id': 1 };
    expect(endsOf(named)).toEqual([0, 3, 1]);
    expect(endsOf({ 'tokenizer.ggml.eos_token_ids': [0, 2] })).toEqual([0, 2]);
  });

  test('and with a template for conversations those that are spelled as the end of a turn', () => {
    expect(endsOf({ 'tokenizer.chat_template': '{{ messages }}' })).toEqual([0, 2, 3]);
  });

  test.each([-1, 1.5, 'a', [0, 'b']])('%j is no id', (id) => {
    expect(() => endsOf({ 'tokenizer.ggml.eot_token_id': id })).toThrow(GgufError);
  });

  test('stand in config.json as on the hub: one, several, or none', () => {
    const config = (keys: Record<string, unknown>) =>
      configFromGguf(
        { metadata: new Map([...metadataOf('gemma3'), ...Object.entries(keys)]), tensors: [EMBEDDING] },
        null,
      );
    const both = { 'tokenizer.ggml.eos_token_id': 1, 'tokenizer.ggml.eot_token_id': 106 };
    expect(parseModelConfig(config(both)).eos).toEqual([1, 106]);
    expect(config({ 'tokenizer.ggml.eos_token_id': 1 })['eos_token_id']).toBe(1);
    expect(config({})).not.toHaveProperty('eos_token_id');
  });
});

describe('metadata become config.json', () => {
  test('and what they leave out takes the defaults of llama.cpp', () => {
    const config = configOf('qwen2');
    expect(config).toMatchObject({
      model_type: 'qwen2',
      head_dim: 16,
      rope_theta: 10_000,
      rope_scaling: null,
    });
    expect(parseModelConfig(config)).toMatchObject({
      architecture: 'qwen2',
      vocabularySize: 768,
      kvHeads: 2,
    });
  });

  test("Llama 3's divisors of the rotary frequencies come from their tensor", () => {
    const divisors = Float32Array.of(1, 1, 1, 2, 4, 8, 8, 8);
    const config = configOf('llama', { 'rope.freq_base': 500_000 }, divisors);
    expect(config).toMatchObject({
      rope_theta: 500_000,
      rope_scaling: { rope_type: 'divisors', divisors: [...divisors] },
    });
    expect(() => parseModelConfig(config)).not.toThrow();
  });

  test('linear scaling', () => {
    const keys = { 'rope.scaling.type': 'linear', 'rope.scaling.factor': 8 };
    expect(configOf('llama', keys)['rope_scaling']).toEqual({ rope_type: 'linear', factor: 8 });
    expect(configOf('llama', { 'rope.scale_linear': 4 })['rope_scaling']).toEqual({
      rope_type: 'linear',
      factor: 4,
    });
  });

  test.each([
    ['by default every sixth', {}, [5]],
    ['with a period of its own', { 'attention.sliding_window_pattern': 4 }, [3, 7]],
    [
      'layer by layer',
      { 'attention.sliding_window_pattern': [true, false, true, true, true, true, true, false] },
      [1, 7],
    ],
  ])("Gemma 3's full layers: %s", (_, keys, full) => {
    const config = configOf('gemma3', {
      'attention.sliding_window': 512,
      'attention.key_length': 32,
      ...keys,
    });
    const kinds = config['layer_types'] as string[];
    expect(kinds.flatMap((kind, layer) => (kind === 'full_attention' ? [layer] : []))).toEqual(full);
    expect(config).toMatchObject({ query_pre_attn_scalar: 32, rope_local_base_freq: 10_000, head_dim: 32 });
  });
});

describe('what cannot run is refused in a sentence', () => {
  test.each<[what: string, architecture: string, keys: Record<string, unknown>, sentence: RegExp]>([
    ['another architecture', 'mamba', {}, /"mamba"; built in are llama, qwen2, qwen3, gemma3/],
    ['experts', 'llama', { expert_count: 8 }, /"llama\.expert_count"/],
    ['a soft cap', 'gemma3', { final_logit_softcapping: 30 }, /"gemma3\.final_logit_softcapping"/],
    ['values of another size', 'llama', { 'attention.value_length': 8 }, /keys of 16 but values of 8/],
    ['partly rotated heads', 'llama', { 'rope.dimension_count': 8 }, /8 of 16 elements/],
    ['a size per layer', 'llama', { feed_forward_length: [160, 128] }, /"llama\.feed_forward_length"/],
    ['a missing size', 'llama', { embedding_length: undefined }, /"llama\.embedding_length"/],
    ['a billion layers', 'gemma3', { block_count: 1e9 }, /"gemma3\.block_count"/],
    ['no heads', 'llama', { 'attention.head_count': 0 }, /"llama\.attention\.head_count"/],
    [
      'a pattern of the wrong length',
      'gemma3',
      { 'attention.sliding_window_pattern': [true] },
      /1 entries for 8/,
    ],
  ])('%s', (_, architecture, keys, sentence) => {
    const attempt = () => configOf(architecture, keys);
    expect(attempt).toThrow(GgufError);
    expect(attempt).toThrow(sentence);
  });

  test('one part of several', () => {
    const metadata = new Map<string, unknown>([['split.count', 3]]);
    expect(() => configFromGguf({ metadata, tensors: [] }, null)).toThrow(/one of 3 parts/);
  });
});

test('names of tensors', () => {
  expect(huggingFaceName('blk.11.attn_q.bias', 'qwen2')).toBe('model.layers.11.self_attn.q_proj.bias');
  expect(huggingFaceName('blk.0.ffn_norm.weight', 'llama')).toBe(
    'model.layers.0.post_attention_layernorm.weight',
  );
  expect(huggingFaceName('blk.0.ffn_norm.weight', 'gemma3')).toBe(
    'model.layers.0.pre_feedforward_layernorm.weight',
  );
  expect(huggingFaceName('blk.0.ffn_gate_exps.weight', 'llama')).toBeNull();
  expect(huggingFaceName('output', 'llama')).toBeNull();
});
