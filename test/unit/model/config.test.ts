import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ModelConfigError, parameterCount, parseModelConfig } from '../../../src/model/config.ts';

/** config.json of published models, without the keys that say nothing of the computation. */
const PUBLISHED: Record<string, { file: Record<string, unknown>; parameters: number }> = {
  'SmolLM2-135M-Instruct': {
    parameters: 134_515_008,
    file: {
      model_type: 'llama',
      attention_bias: false,
      eos_token_id: 2,
      hidden_act: 'silu',
      hidden_size: 576,
      intermediate_size: 1536,
      max_position_embeddings: 8192,
      mlp_bias: false,
      num_attention_heads: 9,
      num_hidden_layers: 30,
      num_key_value_heads: 3,
      rms_norm_eps: 1e-5,
      rope_scaling: null,
      rope_theta: 100_000,
      tie_word_embeddings: true,
      vocab_size: 49_152,
    },
  },
  'Qwen2.5-0.5B-Instruct': {
    parameters: 494_032_768,
    file: {
      model_type: 'qwen2',
      eos_token_id: 151_645,
      hidden_act: 'silu',
      hidden_size: 896,
      intermediate_size: 4864,
      max_position_embeddings: 32_768,
      max_window_layers: 21,
      num_attention_heads: 14,
      num_hidden_layers: 24,
      num_key_value_heads: 2,
      rms_norm_eps: 1e-6,
      rope_theta: 1_000_000,
      sliding_window: 32_768,
      tie_word_embeddings: true,
      use_sliding_window: false,
      vocab_size: 151_936,
    },
  },
  'Qwen3-0.6B': {
    parameters: 596_049_920,
    file: {
      model_type: 'qwen3',
      attention_bias: false,
      eos_token_id: 151_645,
      head_dim: 128,
      hidden_act: 'silu',
      hidden_size: 1024,
      intermediate_size: 3072,
      max_position_embeddings: 40_960,
      max_window_layers: 28,
      num_attention_heads: 16,
      num_hidden_layers: 28,
      num_key_value_heads: 8,
      rms_norm_eps: 1e-6,
      rope_scaling: null,
      rope_theta: 1_000_000,
      sliding_window: null,
      tie_word_embeddings: true,
      use_sliding_window: false,
      vocab_size: 151_936,
    },
  },
  'gemma-3-270m-it': {
    parameters: 268_098_176,
    file: {
      model_type: 'gemma3_text',
      _sliding_window_pattern: 6,
      attention_bias: false,
      attn_logit_softcapping: null,
      eos_token_id: [1, 106],
      final_logit_softcapping: null,
      head_dim: 256,
      hidden_activation: 'gelu_pytorch_tanh',
      hidden_size: 640,
      intermediate_size: 2048,
      max_position_embeddings: 32_768,
      num_attention_heads: 4,
      num_hidden_layers: 18,
      num_key_value_heads: 1,
      query_pre_attn_scalar: 256,
      rms_norm_eps: 1e-6,
      rope_local_base_freq: 10_000,
      rope_scaling: null,
      rope_theta: 1_000_000,
      sliding_window: 512,
      vocab_size: 262_144,
    },
  },
  'Llama-3.2-1B-Instruct': {
    parameters: 1_235_814_400,
    file: {
      model_type: 'llama',
      attention_bias: false,
      eos_token_id: [128_001, 128_008, 128_009],
      head_dim: 64,
      hidden_act: 'silu',
      hidden_size: 2048,
      intermediate_size: 8192,
      max_position_embeddings: 131_072,
      mlp_bias: false,
      num_attention_heads: 32,
      num_hidden_layers: 16,
      num_key_value_heads: 8,
      rms_norm_eps: 1e-5,
      rope_scaling: {
        factor: 32,
        high_freq_factor: 4,
        low_freq_factor: 1,
        original_max_position_embeddings: 8192,
        rope_type: 'llama3',
      },
      rope_theta: 500_000,
      tie_word_embeddings: true,
      vocab_size: 128_256,
    },
  },
};

const fileOf = (name: string) => PUBLISHED[name]?.file as Record<string, unknown>;
const llama = fileOf('SmolLM2-135M-Instruct');
const gemma = fileOf('gemma-3-270m-it');

describe('published configurations', () => {
  test.each(Object.entries(PUBLISHED))('%s has its published number of parameters', (_, model) => {
    expect(parameterCount(parseModelConfig(model.file))).toBe(model.parameters);
  });

  test('Llama 3 in either spelling of its rope', () => {
    const { rope_scaling, rope_theta, ...rest } = fileOf('Llama-3.2-1B-Instruct');
    const renamed = { ...rest, rope_parameters: { ...(rope_scaling as object), rope_theta } };
    expect(parseModelConfig(renamed).rope).toEqual(parseModelConfig(fileOf('Llama-3.2-1B-Instruct')).rope);
  });

  test('Gemma 3 slides in five layers of six, with a rope of their own', () => {
    const { layerTypes, rope, window, tiedEmbeddings } = parseModelConfig(gemma);
    expect(layerTypes.flatMap((type, layer) => (type === 'full' ? [layer] : []))).toEqual([5, 11, 17]);
    expect([rope.sliding.theta, rope.full.theta, window]).toEqual([10_000, 1_000_000, 512]);
    expect(tiedEmbeddings).toBe(true); // transformers' default, which the file leaves out
  });

  test("a multimodal Gemma 3's text_config, with the keys that transformers knows by heart left out", () => {
    const config = parseModelConfig({
      model_type: 'gemma3',
      eos_token_id: [1, 106],
      text_config: {
        model_type: 'gemma3_text',
        hidden_size: 2560,
        intermediate_size: 10_240,
        num_hidden_layers: 34,
        rope_scaling: { factor: 8, rope_type: 'linear' },
        sliding_window: 1024,
      },
    });
    expect(config.rope.full.scaling).toEqual({ type: 'linear', factor: 8 });
    expect(config.rope.sliding.scaling).toBeNull();
    expect([config.heads, config.kvHeads, config.headSize]).toEqual([8, 4, 256]);
    expect(config.eos).toEqual([1, 106]);
  });

  test('Qwen slides only where it is told to, above the layers that never do', () => {
    const file = { ...fileOf('Qwen2.5-0.5B-Instruct'), use_sliding_window: true };
    expect(parseModelConfig(file).layerTypes.indexOf('sliding')).toBe(21);
    expect(parseModelConfig(fileOf('Qwen2.5-0.5B-Instruct')).layerTypes).not.toContain('sliding');
  });

  test("the end tokens of generation_config.json go before config.json's", () => {
    const file = fileOf('Qwen2.5-0.5B-Instruct');
    expect(parseModelConfig(file).eos).toEqual([151_645]);
    expect(parseModelConfig(file, { eos_token_id: [151_645, 151_643] }).eos).toEqual([151_645, 151_643]);
    expect(parseModelConfig(file, { temperature: 0.7 }).eos).toEqual([151_645]);
  });
});

describe('what cannot run is refused in words', () => {
  test.each([
    ['another architecture', { ...llama, model_type: 'mamba' }, /"mamba".*"gemma3_text"/],
    ['no architecture', {}, /architecture is ""/],
    ['soft caps of attention', { ...gemma, attn_logit_softcapping: 50 }, /caps/],
    ['soft caps of logits', { ...gemma, final_logit_softcapping: 30 }, /caps/],
    ['attention in both directions', { ...gemma, use_bidirectional_attention: true }, /looks ahead/],
    ['YaRN', { ...llama, rope_scaling: { type: 'yarn', factor: 4 } }, /"yarn"/],
    ['a scaling without its factor', { ...llama, rope_scaling: { type: 'linear' } }, /lacks "factor"/],
    ['a rope that turns half a head', { ...llama, partial_rotary_factor: 0.5 }, /part of each head/],
    ['quantised safetensors', { ...llama, quantization_config: { quant_method: 'gptq' } }, /quantised/],
    ['the exact GELU', { ...llama, hidden_act: 'gelu' }, /"gelu"/],
    ['a strange kind of layer', { ...gemma, layer_types: Array(18).fill('chunked_attention') }, /"chunked_/],
    ['too few layer types', { ...gemma, layer_types: ['full_attention'] }, /1 layer types for 18/],
    ['a head size of 20', { ...llama, head_dim: 20 }, /multiple of 16/],
    ['an odd vocabulary', { ...llama, vocab_size: 49_153 }, /vocab_size 49153/],
    ['query heads that do not divide', { ...llama, num_key_value_heads: 2 }, /do not divide/],
    ['a number as text', { ...llama, hidden_size: '576' }, /hidden_size/],
    [
      'divisors for another head',
      { ...llama, rope_scaling: { type: 'divisors', divisors: [1] } },
      /1 divisors/,
    ],
  ])('%s', (_, file, reason) => {
    const parse = () => parseModelConfig(file);
    expect(parse).toThrow(ModelConfigError);
    expect(parse).toThrow(reason);
  });

  test('any value in any place: read, or refused by name', () => {
    const names = [...Object.keys(gemma), 'rope_parameters', 'layer_types', 'text_config'];
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.jsonValue(), (name, value) => {
        try {
          parseModelConfig({ ...gemma, [name]: value }, value);
        } catch (error) {
          expect(error).toBeInstanceOf(ModelConfigError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
