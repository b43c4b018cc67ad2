import { openAsBlob } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ModelFolder } from '../../../../src/model/formats/model-folder.ts';
import { openModel } from '../../../../src/model/formats/open-model.ts';
import { ModelFolderError } from '../../../../src/model/formats/folder-files.ts';
import { createTokenizer } from '../../../../src/model/formats/tokenizer.ts';

const LLAMA = 'test/fixtures/models/llama';
const TEXT = 'List 3 fruits: apple, chair, plum.';

async function folder(path: string, ...names: string[]): Promise<Map<string, Blob>> {
  const files = names.map(async (name): Promise<[string, Blob]> => [
    name,
    await openAsBlob(`${path}/${name}`),
  ]);
  return new Map(await Promise.all(files));
}

const safetensors = () =>
  folder(LLAMA, 'config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json');

const json = (value: unknown) => new Blob([JSON.stringify(value)]);

async function idsOf(files: ModelFolder): Promise<number[]> {
  const { tokenizer } = await openModel(files);
  return [...createTokenizer(tokenizer.tokenizerJson, tokenizer.tokenizerConfig).encode(TEXT)];
}

test('a GGUF file brings the tokenizer of its checkpoint', async () => {
  expect(await idsOf(await folder('test/fixtures/models/llama-gguf', 'q8_0.gguf'))).toEqual(
    await idsOf(await safetensors()),
  );
});

test('its bytes and hash are those of the weights alone', async () => {
  const opened = await openModel(await safetensors());
  expect(opened.bytes).toBe(717_496);
  expect(await opened.hash()).toMatch(/^[0-9a-f]{16}$/);
});

describe('the chat template', () => {
  const withFiles = async (files: Record<string, Blob>) =>
    (await openModel(new Map([...(await safetensors()), ...Object.entries(files)]))).tokenizer.chatTemplate;

  test.each<[where: string, files: Record<string, Blob>, template: string | null]>([
    ['nowhere', {}, null],
    ['in tokenizer_config.json', { 'tokenizer_config.json': json({ chat_template: 'A' }) }, 'A'],
    [
      'one of several there',
      { 'tokenizer_config.json': json({ chat_template: [{ name: 'default', template: 'B' }] }) },
      'B',
    ],
    [
      'in a file of its own, which goes first',
      { 'tokenizer_config.json': json({ chat_template: 'A' }), 'chat_template.jinja': new Blob(['C']) },
      'C',
    ],
  ])('%s', async (_, files, template) => {
    expect(await withFiles(files)).toBe(template);
  });
});

test.each<[what: string, change: (files: Map<string, Blob>) => void, sentence: RegExp]>([
  ['no tokenizer.json', (files) => files.delete('tokenizer.json'), /lacks tokenizer\.json/],
  ['a tokenizer.json that is a text', (files) => files.set('tokenizer.json', json('x')), /not a JSON object/],
  [
    'a broken config',
    (files) => files.set('tokenizer_config.json', new Blob(['{'])),
    /tokenizer_config\.json is not/,
  ],
])('%s is refused', async (_, change, sentence) => {
  const files = await safetensors();
  change(files);
  const error: unknown = await openModel(files).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ModelFolderError);
  expect((error as Error).message).toMatch(sentence);
});
