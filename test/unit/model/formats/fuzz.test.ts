/**
 * Damaged and hostile model folders: each is read as it says, or refused with one of our errors, within two seconds of
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
import { f32, ggufFile, list, text, TYPE, u32 } from './gguf-file.ts';

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

const GGUF = ggufFile({
  metadata: [
    ['general.architecture', TYPE.string, text('llama')],
    ['general.alignment', TYPE.u32, u32(32)],
    ['llama.context_length', TYPE.u32, u32(64)],
    ['llama.embedding_length', TYPE.u32, u32(32)],
    ['llama.block_count', TYPE.u32, u32(1)],
    ['llama.feed_forward_length', TYPE.u32, u32(32)],
    ['llama.attention.head_count', TYPE.u32, u32(2)],
    ['llama.attention.layer_norm_rms_epsilon', TYPE.f32, f32(1e-6)],
    ['tokenizer.ggml.tokens', TYPE.list, list(TYPE.string, 3, text('a'), text('b'), text('Ġc'))],
    ['tokenizer.ggml.eos_token_id', TYPE.u32, u32(2)],
  ],
  tensors: [
    { name: 'token_embd.weight', dimensions: [32, 4], type: 8, offset: 0 },
    { name: 'blk.0.attn_q.weight', dimensions: [32, 32], type: 1, offset: 160 },
    { name: 'output_norm.weight', dimensions: [32], type: 0, offset: 2208 },
  ],
  data: new Uint8Array(2336),
});

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

  test('with bits flipped is read or refused', async () => {
    await fc.assert(
      fc.asyncProperty(flips(bytes.length), async (changes) => {
        const damaged = bytes.slice();
        for (const { at, mask } of changes) damaged[at]! ^= mask;
        await isRefused(folder(damaged));
      }),
      { numRuns: 500 },
    );
  });

  test('with its lengths and offsets blown up is read or refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 8), fc.constantFrom(...HUGE), async (at, value) => {
        const damaged = bytes.slice();
        new DataView(damaged.buffer).setBigUint64(at, value, true);
        await isRefused(folder(damaged));
      }),
      { numRuns: 500 },
    );
  });

  test('replaced by anything is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (anything) => {
        expect(await isRefused(folder(anything))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

const flips = (length: number) =>
  fc.array(fc.record({ at: fc.nat(length - 1), mask: fc.integer({ min: 1, max: 255 }) }), { minLength: 1, maxLength: 4 }); // prettier-ignore

const HUGE = [
  2n ** 20n,
  2n ** 24n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 40n,
  2n ** 53n,
  2n ** 63n,
  2n ** 64n - 1n,
];

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
