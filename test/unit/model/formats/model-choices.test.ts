import { describe, expect, it } from 'vitest';
import { modelChoices } from '../../../../src/model/formats/model-choices.ts';

const files = (...paths: string[]) => paths.map((path) => ({ path, bytes: 10 }));
const choicesOf = (...paths: string[]) =>
  modelChoices(files(...paths)).map(({ weights, files: chosen }) => [
    weights,
    ...chosen.map(({ path }) => path),
  ]);

describe('the files that make a model', () => {
  it('are safetensors, configuration, tokenizer and template, and nothing else', () => {
    expect(
      choicesOf(
        '.gitattributes',
        'README.md',
        'config.json',
        'generation_config.json',
        'chat_template.jinja',
        'model.safetensors',
        'pytorch_model.bin',
        'optimizer.json',
        'tokenizer.json',
        'tokenizer_config.json',
      ),
    ).toEqual([
      [
        'safetensors',
        'config.json',
        'generation_config.json',
        'chat_template.jinja',
        'model.safetensors',
        'tokenizer.json',
        'tokenizer_config.json',
      ],
    ]);
  });

  it('are the shards with their index where the weights are divided', () => {
    const shards = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
    expect(choicesOf('config.json', 'model.safetensors.index.json', ...shards)).toEqual([
      ['safetensors', 'config.json', 'model.safetensors.index.json', ...shards],
    ]);
    expect(choicesOf('config.json', ...shards)).toEqual([]);
  });

  it('are one GGUF of several, each a choice; parts of one and image projectors are none', () => {
    expect(choicesOf('a-Q4_K_M.gguf', 'a-Q8_0.gguf', 'mmproj-a.gguf', 'b-00001-of-00002.gguf')).toEqual([
      ['a-Q4_K_M.gguf', 'a-Q4_K_M.gguf'],
      ['a-Q8_0.gguf', 'a-Q8_0.gguf'],
    ]);
  });

  it('do not exist without weights or without a configuration', () => {
    expect(choicesOf('config.json', 'tokenizer.json', 'adapter_model.safetensors')).toEqual([]);
    expect(choicesOf('model.safetensors')).toEqual([]);
  });

  it('know how many bytes they are together', () => {
    expect(modelChoices(files('config.json', 'model.safetensors', 'x.md'))[0]!.bytes).toBe(20);
  });
});
