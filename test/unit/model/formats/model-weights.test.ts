import { createHash } from 'node:crypto';
import { openAsBlob, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ModelFolderError } from '../../../../src/model/formats/folder-files.ts';
import { modelHash, openWeights } from '../../../../src/model/formats/model-weights.ts';
import { digestPieces, sha256 } from '../../../../src/model/formats/sha256.ts';

const FIXTURES = 'test/fixtures/models';
const NANO = 'public/models/nano-judge/model.safetensors';

async function folder(path: string, ...names: string[]): Promise<Map<string, Blob>> {
  return new Map(
    await Promise.all(
      names.map(async (name): Promise<[string, Blob]> => [name, await openAsBlob(`${path}/${name}`)]),
    ),
  );
}

describe('openWeights', () => {
  test.each([
    ['one safetensors file', folder(`${FIXTURES}/llama`, 'config.json', 'model.safetensors'), 717_496],
    ['one GGUF file', folder(`${FIXTURES}/llama-gguf`, 'q4_0.gguf'), 123_168],
  ])('%s', async (_, files, bytes) => {
    const opened = await openWeights(await files);
    expect(opened.bytes).toBe(bytes);
    expect(opened.config).toMatchObject({
      architecture: 'llama',
      vocabularySize: 768,
      layers: 3,
      tiedEmbeddings: true,
    });
    expect(opened.weights.entries.size).toBe(29);
  });

  test('safetensors go before a GGUF in the same folder', async () => {
    const both = new Map([
      ...(await folder(`${FIXTURES}/llama`, 'config.json', 'model.safetensors')),
      ...(await folder(`${FIXTURES}/llama-gguf`, 'f16.gguf')),
    ]);
    expect((await openWeights(both)).metadata).toBeNull();
  });

  test.each<[what: string, files: [string, Blob][], sentence: RegExp]>([
    ['an empty folder', [], /no weights/],
    ['two GGUF files', [['a.gguf', new Blob()], ['b.gguf', new Blob()]], /2 GGUF files/], // prettier-ignore
    ['no config.json', [['model.safetensors', new Blob()]], /lacks config\.json/],
    ['config.json that is a page', [['model.safetensors', new Blob()], ['config.json', new Blob(['<!doctype html>'])]], /config\.json is not JSON/], // prettier-ignore
    ['config.json that is a list', [['model.safetensors', new Blob()], ['config.json', new Blob(['[]'])]], /not a JSON object/], // prettier-ignore
  ])('refuses %s', async (_, files, sentence) => {
    const error: unknown = await openWeights(new Map(files)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ModelFolderError);
    expect((error as Error).message).toMatch(sentence);
  });
});

describe('modelHash', () => {
  const hexOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

  test('of the embedded judge is the start of the SHA-256 of model.safetensors', async () => {
    const files = new Map([['model.safetensors', await openAsBlob(NANO)]]);
    expect(await modelHash(files)).toBe(hexOf(readFileSync(NANO)).slice(0, 16));
  });

  test('of shards does not depend on the order of the files', async () => {
    const names = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
    const path = `${FIXTURES}/llama-bf16-sharded`;
    const files = await folder(path, ...names, 'model.safetensors.index.json');
    const expected = hexOf(Buffer.from(names.map((name) => hexOf(readFileSync(`${path}/${name}`))).join('')));
    expect(await modelHash(files)).toBe(expected.slice(0, 16));
    expect(await modelHash(new Map([...files].toReversed()))).toBe(expected.slice(0, 16));
  });

  test('of a file taken in pieces is that of the whole', async () => {
    const file = new Blob([new Uint8Array(9 * 2 ** 20).fill(7), 'end']);
    const digest = Buffer.from(await digestPieces(file)).toString('hex');
    expect(digest).toBe(await sha256(file));
  });
});
