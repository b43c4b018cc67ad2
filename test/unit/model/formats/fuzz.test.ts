/**
 * Damaged and hostile model folders (mutations of them: test/unit/fuzz): each is read as it says, or refused with one of our errors, within two seconds of
 * this process's time. Never another error, a hang, or memory that the file does not have.
 */
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ModelConfigError } from '../../../../src/model/config-error.ts';
import { ModelFolderError } from '../../../../src/model/formats/folder-files.ts';
import type { ModelFolder } from '../../../../src/model/formats/model-folder.ts';
import { openWeights } from '../../../../src/model/formats/model-weights.ts';
import { writeSafetensors } from '../../../../src/model/formats/safetensors.ts';
import { WeightFileError } from '../../../../src/model/formats/weight-source.ts';
import { secondsSince } from './cpu-time.ts';
import { GGUF } from './small-gguf.ts';

const CONFIG = new TextEncoder().encode(
  readFileSync('test/fixtures/models/llama/config.json', 'utf8').trim(),
);

/** Small enough that most changes hit the header. */
const SAFETENSORS = new Uint8Array(
  writeSafetensors(
    new Map([
      ['model.norm.weight', { shape: [4], data: Float32Array.of(1, 2, 3, 4) }],
      ['model.embed_tokens.weight', { shape: [2, 4], data: new Float32Array(8).fill(0.5) }],
    ]),
    { metadata: { format: 'pt' } },
  ),
);

const INDEX = new TextEncoder().encode(
  JSON.stringify({
    metadata: { total_size: 48 },
    weight_map: { 'model.norm.weight': 'a.safetensors', 'model.embed_tokens.weight': 'a.safetensors' },
  }),
);

const FOLDERS: Record<string, { bytes: Uint8Array; folder: (bytes: Uint8Array) => ModelFolder }> = {
  'a safetensors file': {
    bytes: SAFETENSORS,
    folder: (bytes) => folderOf({ 'config.json': CONFIG, 'model.safetensors': bytes }),
  },
  'a GGUF file': { bytes: GGUF, folder: (bytes) => folderOf({ 'model.gguf': bytes }) },
  'config.json': {
    bytes: CONFIG,
    folder: (bytes) => folderOf({ 'config.json': bytes, 'model.safetensors': SAFETENSORS }),
  },
  'the index of shards': {
    bytes: INDEX,
    folder: (bytes) =>
      folderOf({
        'config.json': CONFIG,
        'model.safetensors.index.json': bytes,
        'a.safetensors': SAFETENSORS,
      }),
  },
};

const folderOf = (files: Record<string, Uint8Array>): ModelFolder =>
  new Map(Object.entries(files).map(([path, bytes]) => [path, new Blob([bytes.slice()])]));

/** Opens the folder and reads every tensor. @returns whether it was refused */
async function isRefused(folder: ModelFolder): Promise<boolean> {
  const start = process.cpuUsage();
  try {
    const { weights } = await openWeights(folder);
    for (const name of weights.entries.keys()) await weights.read(name);
    return false;
  } catch (error) {
    const ours = [WeightFileError, ModelConfigError, ModelFolderError].some((type) => error instanceof type);
    if (!ours) throw error;
    return true;
  } finally {
    expect(secondsSince(start)).toBeLessThan(2);
  }
}

describe.each(Object.entries(FOLDERS))('%s', (_, { bytes, folder }) => {
  test('as it is opens', async () => {
    expect(await isRefused(folder(bytes))).toBe(false);
  });

  test('cut short anywhere is refused', async () => {
    const step = Math.ceil(bytes.length / 400);
    for (let length = 0; length < bytes.length; length += step)
      expect(await isRefused(folder(bytes.subarray(0, length))), `${length} bytes`).toBe(true);
  });
});

describe('JSON of the wrong kinds', () => {
  const json = fc.jsonValue({ maxDepth: 3 });

  test('in config.json: any one value replaced is read or refused', async () => {
    const config = JSON.parse(new TextDecoder().decode(CONFIG)) as Record<string, unknown>;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(config)), json, async (key, value) => {
        const changed = new TextEncoder().encode(JSON.stringify({ ...config, [key]: value }));
        await isRefused(FOLDERS['config.json']!.folder(changed));
      }),
      { numRuns: 300 },
    );
  });

  test('in the header of safetensors: any tensor described by anything is read or refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), json), fc.nat(64), async (header, dataBytes) => {
        const head = new TextEncoder().encode(JSON.stringify(header));
        const file = new Uint8Array(8 + head.length + dataBytes);
        new DataView(file.buffer).setBigUint64(0, BigInt(head.length), true);
        file.set(head, 8);
        await isRefused(FOLDERS['a safetensors file']!.folder(file));
      }),
      { numRuns: 300 },
    );
  });
});
