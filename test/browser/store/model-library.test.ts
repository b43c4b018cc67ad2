import { afterEach, describe, expect, it, vi } from 'vitest';
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { ModelLibrary, ModelNotStoredError } from '../../../src/store/model-library.ts';
import type { ManifestFile, ModelManifest } from '../../../src/store/model-manifest.ts';
import { openWriter } from './model-writer-page.ts';

const FOLDER = 'test of models';
const NAME = 'someone/a-model';

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const bytesOf = (text: string) => new TextEncoder().encode(text);

const CONFIG = bytesOf('{"model_type":"llama"}');
const WEIGHTS = Uint8Array.from({ length: 5_000_000 }, (_, i) => (i * i) % 251);

/** A small file as Git names it, a large one by its SHA-256, as the hub lists them. */
const manifest: ModelManifest = {
  name: NAME,
  repository: NAME,
  revision: 'a'.repeat(40),
  licence: 'mit',
  files: [
    {
      path: 'config.json',
      bytes: CONFIG.length,
      hash: {
        algorithm: 'git-blob',
        hex: hex(sha1(Uint8Array.from([...bytesOf(`blob ${CONFIG.length}\0`), ...CONFIG]))),
      },
    },
    {
      path: 'model.safetensors',
      bytes: WEIGHTS.length,
      hash: { algorithm: 'sha256', hex: hex(sha256(WEIGHTS)) },
    },
  ],
};
const [configFile, weightsFile] = manifest.files as [ManifestFile, ManifestFile];

let ends: (() => void)[] = [];

async function begun(of = manifest) {
  const { writer, end } = openWriter(FOLDER);
  ends.push(end);
  await writer.begin(of);
  return { writer, end };
}

async function write(file: ManifestFile, bytes: Uint8Array): Promise<void> {
  const { writer, end } = await begun();
  await writer.openPart(file);
  await writer.append(bytes);
  await writer.finishPart(() => {});
  end();
}

const library = () => ModelLibrary.open(FOLDER);
const stored = async () => (await (await library()).list())[0]!;

afterEach(async () => {
  for (const end of ends) end();
  ends = [];
  const root = await navigator.storage.getDirectory();
  // A worker that was ended holds its file a moment longer.
  await vi.waitFor(() => root.removeEntry(FOLDER, { recursive: true }), { timeout: 10_000 });
});

describe('a stored model', () => {
  it('is whole when each of its files was found right, and gives them back', async () => {
    await write(configFile, CONFIG);
    await write(weightsFile, WEIGHTS);
    const total = CONFIG.length + WEIGHTS.length;
    expect(await stored()).toMatchObject({ manifest, complete: true, bytes: total, totalBytes: total });
    const files = await (await library()).files(NAME);
    expect([...files.keys()]).toEqual(['config.json', 'model.safetensors']);
    const weights = new Uint8Array(await files.get('model.safetensors')!.arrayBuffer());
    expect(hex(sha256(weights))).toBe(weightsFile.hash.hex);
  });

  it('is not there while a file is missing', async () => {
    await write(configFile, CONFIG);
    expect(await stored()).toMatchObject({ complete: false, bytes: CONFIG.length });
    await expect((await library()).files(NAME)).rejects.toThrow(ModelNotStoredError);
  });

  it('is not there while a file has all its bytes, but was not checked', async () => {
    await write(configFile, CONFIG);
    const { writer, end } = await begun();
    await writer.openPart(weightsFile);
    await writer.append(WEIGHTS);
    end();
    expect(await stored()).toMatchObject({ complete: false, bytes: CONFIG.length + WEIGHTS.length });
    await expect((await library()).files(NAME)).rejects.toThrow(ModelNotStoredError);
  });

  it('leaves nothing behind when it is removed', async () => {
    await write(configFile, CONFIG);
    await (await library()).remove(NAME);
    expect(await (await library()).list()).toEqual([]);
    await (await library()).remove(NAME);
  });
});

describe('a file that arrives', () => {
  it('keeps what was written when its tab dies, and goes on behind it', async () => {
    const first = await begun();
    await first.writer.openPart(weightsFile);
    await first.writer.append(WEIGHTS.subarray(0, 3_000_000));
    first.end();
    const { writer } = await begun();
    expect(await writer.openPart(weightsFile)).toEqual({ bytes: 3_000_000, whole: false });
    await writer.append(WEIGHTS.subarray(3_000_000));
    await writer.finishPart(() => {});
    expect(await writer.openPart(weightsFile)).toEqual({ bytes: WEIGHTS.length, whole: true });
  });

  it('is refused and forgotten when one bit is wrong', async () => {
    const { writer } = await begun();
    const wrong = WEIGHTS.slice();
    wrong[4_321_000]! ^= 1;
    await writer.openPart(weightsFile);
    await writer.append(wrong);
    await expect(writer.finishPart(() => {})).rejects.toThrow(/hash is wrong/);
    expect(await writer.openPart(weightsFile)).toEqual({ bytes: 0, whole: false });
  });

  it('is refused when it is short', async () => {
    const { writer } = await begun();
    await writer.openPart(weightsFile);
    await writer.append(WEIGHTS.subarray(1));
    await expect(writer.finishPart(() => {})).rejects.toThrow(/hash is wrong/);
  });

  it('is checked with progress', async () => {
    const { writer } = await begun();
    const seen: number[] = [];
    await writer.openPart(weightsFile);
    await writer.append(WEIGHTS);
    await writer.finishPart((bytes) => seen.push(bytes));
    expect(seen.at(-1)).toBe(WEIGHTS.length);
  });

  it('is written by one tab at a time', async () => {
    const first = await begun();
    await first.writer.openPart(weightsFile);
    const second = await begun();
    await expect(second.writer.openPart(weightsFile)).rejects.toThrow(/another tab/);
  });
});

it('never mixes two revisions of a model', async () => {
  await write(configFile, CONFIG);
  await begun({ ...manifest, revision: 'b'.repeat(40) });
  expect(await stored()).toMatchObject({ complete: false, bytes: 0, manifest: { revision: 'b'.repeat(40) } });
});

it('removes a folder whose manifest was never finished', async () => {
  const root = await navigator.storage.getDirectory();
  const models = await root.getDirectoryHandle(FOLDER, { create: true });
  await models.getDirectoryHandle('half', { create: true });
  expect(await (await library()).list()).toEqual([]);
  await expect(models.getDirectoryHandle('half')).rejects.toThrow();
});

it('leaves files alone whose manifest it cannot read', async () => {
  const root = await navigator.storage.getDirectory();
  const models = await root.getDirectoryHandle(FOLDER, { create: true });
  const folder = await models.getDirectoryHandle('of tomorrow', { create: true });
  for (const name of ['manifest.json', 'model.safetensors']) {
    const writable = await (await folder.getFileHandle(name, { create: true })).createWritable();
    await writable.write('{"version": 9}');
    await writable.close();
  }
  expect(await (await library()).list()).toEqual([]);
  await expect(folder.getFileHandle('model.safetensors')).resolves.toBeDefined();
});
