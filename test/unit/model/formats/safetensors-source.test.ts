import { openAsBlob } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { writeSafetensors } from '../../../../src/model/formats/safetensors.ts';
import { SafetensorsError } from '../../../../src/model/formats/safetensors-header.ts';
import { openSafetensors } from '../../../../src/model/formats/safetensors-source.ts';
import { WeightFileError } from '../../../../src/model/formats/weight-source.ts';

const SHARDED = 'test/fixtures/models/llama-bf16-sharded';
const INDEX = 'model.safetensors.index.json';

async function folderOf(path: string, names: string[]): Promise<Map<string, Blob>> {
  const files = names.map(async (name): Promise<[string, Blob]> => [
    name,
    await openAsBlob(`${path}/${name}`),
  ]);
  return new Map(await Promise.all(files));
}

/** A small safetensors file of one value per tensor. */
const shard = (...names: string[]) =>
  new Blob([
    writeSafetensors(new Map(names.map((name) => [name, { shape: [1], data: Float32Array.of(1) }]))),
  ]);

const index = (map: Record<string, string>) => new Blob([JSON.stringify({ metadata: {}, weight_map: map })]);

test('shards in BF16 give the checkpoint, rounded to eight bits', async () => {
  const names = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors', INDEX];
  const sharded = (await openSafetensors(await folderOf(SHARDED, names)))!;
  const whole = (await openSafetensors(await folderOf('test/fixtures/models/llama', ['model.safetensors'])))!;
  expect([...sharded.entries.keys()].toSorted()).toEqual([...whole.entries.keys()].toSorted());
  for (const [name, { shape, format, bytes }] of sharded.entries) {
    expect(format).toBe('bf16');
    expect(shape).toEqual(whole.entries.get(name)!.shape);
    const [values, exact] = [await sharded.read(name), await whole.read(name)];
    expect((await sharded.readRaw(name)).length).toBe(bytes);
    expect(bytes).toBe(2 * exact.length);
    expect(values.every((w, i) => Math.abs(w - exact[i]!) <= Math.abs(exact[i]!) * 2 ** -8)).toBe(true);
  }
});

test('a folder without safetensors is none', async () => {
  expect(await openSafetensors(new Map([['config.json', new Blob(['{}'])]]))).toBeNull();
});

test('the only safetensors file is taken whatever it is called, but not an adapter', async () => {
  const folder = new Map([
    ['mine.safetensors', shard('a')],
    ['adapter_model.safetensors', shard('b')],
  ]);
  expect([...(await openSafetensors(folder))!.entries.keys()]).toEqual(['a']);
});

test('NaN is refused when its tensor is read, by name', async () => {
  const data = Float32Array.of(1, NaN);
  const file = writeSafetensors(new Map([['sick', { shape: [2], data }]]));
  const source = (await openSafetensors(new Map([['model.safetensors', new Blob([file])]])))!;
  await expect(source.read('sick')).rejects.toThrow(WeightFileError);
  await expect(source.read('sick')).rejects.toThrow(/"sick" holds NaN/);
});

describe('a folder that does not fit together is refused in a sentence', () => {
  test.each<[what: string, folder: Record<string, Blob>, sentence: RegExp]>([
    [
      'a shard that is missing',
      { [INDEX]: index({ a: 'b.safetensors' }) },
      /"b\.safetensors", which is not in/,
    ],
    ['a path that climbs out', { [INDEX]: index({ a: '../b.safetensors' }) }, /weight_map\.a/],
    ['an absolute path', { [INDEX]: index({ a: '/etc/b.safetensors' }) }, /weight_map\.a/],
    ['a shard that is no safetensors', { [INDEX]: index({ a: 'pytorch_model.bin' }) }, /weight_map\.a/],
    ['an index without a map', { [INDEX]: new Blob(['{"metadata": {}}']) }, /weight_map/],
    ['an index that is no JSON', { [INDEX]: new Blob(['{']) }, /it is not JSON/],
    ['a tensor named twice', { [INDEX]: new Blob(['{"weight_map":{"a":"x.safetensors","a":"y.safetensors"}}']) }, /the key "a" twice/], // prettier-ignore
    ['a tensor that its shard lacks', { [INDEX]: index({ a: 'x.safetensors', b: 'x.safetensors' }), 'x.safetensors': shard('a') }, /places tensor "b" in "x\.safetensors", which lacks it/], // prettier-ignore
    ['a tensor in another shard', { [INDEX]: index({ a: 'x.safetensors', b: 'y.safetensors' }), 'x.safetensors': shard('a', 'b'), 'y.safetensors': shard('b') }, /"x\.safetensors" holds tensor "b"/], // prettier-ignore
    [
      'two files and no index',
      { 'x.safetensors': shard('a'), 'y.safetensors': shard('b') },
      /2 safetensors files/,
    ],
    ['an empty file', { 'model.safetensors': new Blob([]) }, /shorter than a safetensors header/],
  ])('%s', async (_, folder, sentence) => {
    const error: unknown = await openSafetensors(new Map(Object.entries(folder))).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(SafetensorsError);
    expect((error as Error).message).toMatch(sentence);
  });
});
