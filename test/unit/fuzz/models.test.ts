/** Models, adapters and archives from anywhere: weights, configurations, tokenizers, chat templates, answers of the hub. */
import { readFileSync } from 'node:fs';
import { afterEach, expect, vi } from 'vitest';
import { chosenHere, NoModelHereError } from '../../../src/app/state/models/local-model.ts';
import { ModelConfigError } from '../../../src/model/config-error.ts';
import { parseModelConfig } from '../../../src/model/config.ts';
import { ChatTemplateError } from '../../../src/model/formats/chat-template.ts';
import { ModelFolderError, readJsonFile } from '../../../src/model/formats/folder-files.ts';
import { readGgufHeader } from '../../../src/model/formats/gguf-header.ts';
import { HubError, listHubModel } from '../../../src/model/formats/hub.ts';
import type { ModelFolder } from '../../../src/model/formats/model-folder.ts';
import { openWeights } from '../../../src/model/formats/model-weights.ts';
import { AdapterError, readAdapter, writeAdapter } from '../../../src/model/formats/peft.ts';
import { readSafetensors, writeSafetensors } from '../../../src/model/formats/safetensors.ts';
import { createTokenizer, TokenizerError } from '../../../src/model/formats/tokenizer.ts';
import { WeightFileError } from '../../../src/model/formats/weight-source.ts';
import { readZip, writeZip, ZipError } from '../../../src/model/formats/zip.ts';
import { GGUF } from '../model/formats/small-gguf.ts';
import { fuzz } from './fuzz.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const fixture = (path: string): Bytes => Uint8Array.from(readFileSync(`test/fixtures/${path}`));
const textOf = (path: string): string => readFileSync(`test/fixtures/${path}`, 'utf8').trim();
const bytesOf = async (file: Blob): Promise<Bytes> => new Uint8Array(await file.arrayBuffer());

const CONFIG = textOf('models/llama/config.json');
const SAFETENSORS: Bytes = new Uint8Array(
  writeSafetensors(
    new Map([
      ['model.norm.weight', { shape: [4], data: Float32Array.of(1, 2, 3, 4) }],
      ['model.embed_tokens.weight', { shape: [2, 4], data: new Float32Array(8).fill(0.5) }],
    ]),
    { metadata: { format: 'pt' } },
  ),
);
const FOLDER_ERRORS = [WeightFileError, ModelConfigError, ModelFolderError];

const folderOf = (files: Record<string, string | Bytes>): ModelFolder =>
  new Map(Object.entries(files).map(([path, content]) => [path, new Blob([content])]));

/** Opens the folder and reads every tensor. */
async function weightsOf(folder: ModelFolder) {
  const { config, weights } = await openWeights(folder);
  const tensors = [];
  for (const name of weights.entries.keys()) tensors.push([name, await weights.read(name)]);
  return { config, tensors };
}

fuzz({
  name: 'a safetensors file',
  seeds: [SAFETENSORS],
  read: (bytes) => readSafetensors(bytes.buffer),
  refusals: [WeightFileError],
  again: ({ arrays, metadata }) =>
    new Uint8Array(writeSafetensors(arrays, { metadata: Object.fromEntries(metadata) })),
});

fuzz({
  name: 'a GGUF header',
  seeds: [GGUF],
  read: (bytes) => readGgufHeader(new Blob([bytes])),
  refusals: [WeightFileError],
});

fuzz({
  name: 'a model folder with a GGUF file',
  seeds: [GGUF],
  read: (bytes) => weightsOf(folderOf({ 'model.gguf': bytes })),
  refusals: FOLDER_ERRORS,
});

fuzz({
  name: 'a model folder with safetensors',
  seeds: [SAFETENSORS],
  read: (bytes) => weightsOf(folderOf({ 'config.json': CONFIG, 'model.safetensors': bytes })),
  refusals: FOLDER_ERRORS,
});

fuzz({
  name: 'config.json',
  seeds: ['llama', 'gemma3', 'qwen2', 'qwen3', 'llama3-rope-untied'].map((name) =>
    textOf(`models/${name}/config.json`),
  ),
  read: async (text) =>
    (await weightsOf(folderOf({ 'config.json': text, 'model.safetensors': SAFETENSORS }))).config,
  refusals: FOLDER_ERRORS,
});

fuzz({
  name: 'the index of shards',
  seeds: [
    JSON.stringify({
      metadata: { total_size: 48 },
      weight_map: { 'model.norm.weight': 'a.safetensors', 'model.embed_tokens.weight': 'a.safetensors' },
    }),
  ],
  read: (text) =>
    weightsOf(
      folderOf({ 'config.json': CONFIG, 'model.safetensors.index.json': text, 'a.safetensors': SAFETENSORS }),
    ),
  refusals: FOLDER_ERRORS,
});

const TEXT = 'The answer is 42, naïve 👩‍👩‍👧 <|eot_id|>   \n\n x';
const CHAT = [{ role: 'user', content: TEXT }] as const;

/** What a tokenizer makes of a text; equal tokenizers make the same. */
function idsOf(json: unknown, config: unknown, template?: string) {
  const tokenizer = createTokenizer(json as object, config as object, template);
  const ids = tokenizer.encode(TEXT, { addSpecial: true });
  expect(ids.every((id) => Number.isInteger(id) && id >= 0 && id < tokenizer.vocabularySize)).toBe(true);
  return {
    ids,
    text: tokenizer.decode(ids),
    chat: tokenizer.encodeChat(CHAT),
    size: tokenizer.vocabularySize,
  };
}

const parsed = (text: string): Promise<object> => readJsonFile(folderOf({ 'a.json': text }), 'a.json');

fuzz({
  name: 'tokenizer.json',
  seeds: ['smollm', 'gemma', 'llama2', 'unigram'].map((family) =>
    textOf(`tokenizers/${family}.tokenizer.json`),
  ),
  read: async (text) => idsOf(await parsed(text), { eos_token: 'a', unk_token: null }),
  refusals: [TokenizerError, ModelFolderError],
});

const LLAMA3 = await parsed(textOf('tokenizers/llama3.tokenizer.json'));
const { templates } = JSON.parse(textOf('tokenizers/chats.json')) as {
  templates: Record<string, { source: string; bos: string | null; eos: string; family: string }>;
};
const llama3 = Object.values(templates).filter(({ family }) => family === 'llama3');

fuzz({
  name: 'tokenizer_config.json',
  seeds: llama3.map(({ source, bos, eos }) =>
    JSON.stringify({ bos_token: bos, eos_token: { content: eos }, pad_token: null, chat_template: source }),
  ),
  read: async (text) => idsOf(LLAMA3, await parsed(text)),
  refusals: [TokenizerError, ChatTemplateError, ModelFolderError],
});

fuzz({
  name: 'a chat template',
  seeds: Object.values(templates).map(({ source }) => source),
  read: (source) => idsOf(LLAMA3, { eos_token: '<|eot_id|>' }, source),
  refusals: [TokenizerError, ChatTemplateError],
});

const MODEL = parseModelConfig(JSON.parse(CONFIG));
const ADAPTER_CONFIG = textOf('dpo/adapter-initial/adapter_config.json');
const ADAPTER_WEIGHTS = fixture('dpo/adapter-initial/adapter_model.safetensors');
const adapter = (config: string | Bytes, weights: Bytes) =>
  folderOf({ 'adapter_config.json': config, 'adapter_model.safetensors': weights });
const ADAPTER_ERRORS = [AdapterError, ModelFolderError, WeightFileError];

/** Of one projection, so that more mutations hit what holds the file together. */
const SMALL_CONFIG = JSON.stringify({
  ...(JSON.parse(ADAPTER_CONFIG) as object),
  target_modules: ['q_proj'],
});
const SMALL_WEIGHTS: Bytes = (() => {
  const { arrays, metadata } = readSafetensors(ADAPTER_WEIGHTS.buffer);
  const own = [...arrays].filter(([name]) => name.includes('.q_proj.'));
  return new Uint8Array(writeSafetensors(new Map(own), { metadata: Object.fromEntries(metadata) }));
})();

const comesBack = async (taken: Awaited<ReturnType<typeof readAdapter>>) =>
  expect(await readAdapter(writeAdapter(taken, MODEL, 'base'), MODEL)).toEqual(taken);

fuzz({
  name: "an adapter's configuration",
  seeds: [ADAPTER_CONFIG],
  read: (config) => readAdapter(adapter(config, ADAPTER_WEIGHTS), MODEL),
  refusals: ADAPTER_ERRORS,
  check: comesBack,
});

fuzz({
  name: "an adapter's weights",
  seeds: [SMALL_WEIGHTS],
  read: (weights) => readAdapter(adapter(SMALL_CONFIG, weights), MODEL),
  refusals: ADAPTER_ERRORS,
  check: comesBack,
});

const filesOf = async (bytes: Bytes) => {
  const files = await readZip(new Blob([bytes]));
  return Promise.all([...files].map(async ([name, file]) => [name, await bytesOf(file)] as const));
};

fuzz({
  name: 'a ZIP archive',
  seeds: [fixture('zip/deflated.zip')],
  read: filesOf,
  refusals: [ZipError],
  check: async (files) => {
    const archive = await writeZip(new Map(files.map(([name, bytes]) => [name, new Blob([bytes])])));
    expect(await filesOf(await bytesOf(archive))).toEqual(files);
  },
});

const inArchive = async (bytes: Bytes) => {
  const chosen = await chosenHere([new File([bytes], 'mine.zip')]);
  if (chosen.kind === 'model') throw new NoModelHereError('This is no adapter.');
  return readAdapter(chosen.files, MODEL);
};

fuzz({
  name: 'an adapter in a ZIP archive',
  seeds: [await bytesOf(await writeZip(adapter(SMALL_CONFIG, SMALL_WEIGHTS)))],
  read: inArchive,
  sealed: true,
  refusals: [...ADAPTER_ERRORS, ZipError, NoModelHereError],
  check: comesBack,
});

afterEach(() => vi.unstubAllGlobals());

const INFO = { id: 'a/b', modelId: 'a/b', _id: '1', private: false, gated: false, sha: 'c'.repeat(40), downloads: 1, likes: 2, lastModified: '2024-01-01T00:00:00.000Z', cardData: { license: 'mit' } }; // prettier-ignore
const FILES = [
  { type: 'file', path: 'config.json', size: 10, oid: 'd'.repeat(40) },
  { type: 'file', path: 'model.safetensors', size: 130, oid: 'e'.repeat(40), lfs: { oid: 'f'.repeat(64), size: 900, pointerSize: 130 } },
]; // prettier-ignore

fuzz({
  name: "the hub's answers",
  seeds: [`${JSON.stringify(INFO)}\n\n${JSON.stringify(FILES)}`],
  read: async (text) => {
    const [info = '', files = ''] = text.split('\n\n');
    vi.stubGlobal('fetch', async (url: string) => new Response(url.includes('/tree/') ? files : info));
    return listHubModel('a/b');
  },
  refusals: [HubError],
  check: ({ files, revision }) => {
    expect(revision).toMatch(/^[0-9a-f]{40}$/);
    for (const { bytes } of files) expect(Number.isSafeInteger(bytes) && bytes >= 0).toBe(true);
  },
});
