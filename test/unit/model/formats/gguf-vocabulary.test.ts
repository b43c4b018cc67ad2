import { existsSync, openAsBlob, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, type TestContext } from 'vitest';
import { readGgufHeader } from '../../../../src/model/formats/gguf-header.ts';
import { tokenizerFromGguf } from '../../../../src/model/formats/gguf-vocabulary.ts';
import { createTokenizer, TokenizerError, type Tokenizer } from '../../../../src/model/formats/tokenizer.ts';
import { expectAllEqual } from '../../../agreement.ts';

const fixture = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../fixtures/tokenizers/${path}`, import.meta.url), 'utf8'));
const strings = fixture('strings.json') as string[];
const golden = fixture('ids.json') as Record<string, { ids: number[][]; around: number[] }>;

interface Json {
  added_tokens: { id: number; content: string; special: boolean }[];
  model: { vocab: Record<string, number>; merges: [string, string][] };
}

/** What llama.cpp's converter writes of a byte-level tokenizer.json. */
function ggufOf(family: string, pre: string): Map<string, unknown> {
  const { added_tokens: added, model } = fixture(`${family}.tokenizer.json`) as Json;
  const tokens: string[] = [];
  for (const [token, id] of Object.entries(model.vocab)) tokens[id] = token;
  for (const { content, id } of added) tokens[id] = content;
  const types = tokens.map((_, id) => {
    const token = added.find((one) => one.id === id);
    return token ? (token.special ? 3 : 4) : 1;
  });
  return new Map<string, unknown>([
    ['tokenizer.ggml.model', 'gpt2'],
    ['tokenizer.ggml.pre', pre],
    ['tokenizer.ggml.tokens', tokens],
    ['tokenizer.ggml.token_type', types],
    ['tokenizer.ggml.merges', model.merges.map((merge) => merge.join(' '))],
    ['tokenizer.ggml.bos_token_id', added[0]!.id],
    ['tokenizer.ggml.eos_token_id', added[0]!.id],
  ]);
}

const open = (metadata: ReadonlyMap<string, unknown>): Tokenizer => {
  const { tokenizerJson, tokenizerConfig, chatTemplate } = tokenizerFromGguf(metadata);
  return createTokenizer(tokenizerJson, tokenizerConfig, chatTemplate);
};

const wrongIds = (tokenizer: Tokenizer, ids: number[][]) =>
  strings
    .map((text, index) => ({ text, here: [...tokenizer.encode(text)], expected: ids[index]! }))
    .filter(({ here, expected }) => here.join() !== expected.join());

function expectIds(context: TestContext, family: string, tokenizer: Tokenizer, ids: number[][]): void {
  const subject = { fixture: `${family}, as GGUF`, backend: 'any' };
  expectAllEqual(context, subject, 'ids of strings', wrongIds(tokenizer, ids), strings.length);
}

describe.each([
  ['smollm', 'smollm'],
  ['qwen', 'qwen2'],
  ['llama3', 'llama-bpe'],
])("a GGUF with %s's vocabulary", (family, pre) => {
  it('gives the ids of the tokenizer.json it was made from', (context) => {
    expectIds(context, family, open(ggufOf(family, pre)), golden[family]!.ids);
  });

  it('begins a text as that does', () => {
    expect([...open(ggufOf(family, pre)).encode('a', { addSpecial: true })]).toEqual(golden[family]!.around);
  });
});

describe('an end of turns', () => {
  it("is a control token, also where the file calls it a user's: a graded text cannot write it", () => {
    const metadata = ggufOf('smollm', 'smollm');
    const tokens = [...(metadata.get('tokenizer.ggml.tokens') as string[]), '<end_of_turn>'];
    const types = [...(metadata.get('tokenizer.ggml.token_type') as number[]), 4];
    const id = tokens.length - 1;
    const tokenizer = open(
      new Map([
        ...metadata,
        ['tokenizer.ggml.tokens', tokens],
        ['tokenizer.ggml.token_type', types],
        ['tokenizer.ggml.eot_token_id', id],
      ]),
    );
    expect([...tokenizer.encode('a<end_of_turn>')]).not.toContain(id);
    expect(tokenizer.decode([...tokenizer.encode('a'), id])).toBe('a');
  });
});

/** Weights of others stay where they are; a test that misses them says so. */
function shared(path: string): string | null {
  const file = fileURLToPath(new URL(`../../../../../shared/${path}`, import.meta.url));
  if (existsSync(file)) return file;
  console.log(`skipped: ../shared/${path} is not here`);
  return null;
}

const openFile = async (file: string) => open((await readGgufHeader(await openAsBlob(file))).metadata);

const gemma = shared('models/gemma3-270m-en/gemma3-270m-en.q4_k_m.gguf');
describe.skipIf(!gemma)('the GGUF of Gemma 3 270M', () => {
  it('gives the ids of transformers for all ten prompts, and their texts back', async () => {
    const tokenizer = await openFile(gemma!);
    const { cases } = JSON.parse(readFileSync(shared('models/gemma3-270m-en/golden.json')!, 'utf8')) as {
      cases: { name: string; text: string; ids: number[]; greedyIds: number[]; greedyText: string }[];
    };
    expect(cases).toHaveLength(10);
    for (const { name, text, ids, greedyIds, greedyText } of cases) {
      expect([...tokenizer.encode(text, { addSpecial: true })], name).toEqual(ids);
      expect(tokenizer.decode(ids), name).toBe(text);
      expect(tokenizer.decode(greedyIds), name).toBe(greedyText);
    }
  });
});

const llama2 = shared('fixtures/models/llama-2-tiny-random-gguf/llama-2-tiny-random.gguf');
describe.skipIf(!llama2)("a GGUF with Llama 2's vocabulary", () => {
  it('gives the ids that Python gives with merges by score, and every text back', async (context) => {
    const tokenizer = await openFile(llama2!);
    expectIds(context, 'llama-2-tiny-random', tokenizer, fixture('llama2-gguf.ids.json') as number[][]);
    // SentencePiece writes a space as "▁", so that a text's own is read as a space.
    const given = strings.filter((text) => !text.includes('▁'));
    expect(given.filter((text) => tokenizer.decode(tokenizer.encode(text)) !== text)).toEqual([]);
    expect(tokenizer).toMatchObject({ bos: 1, eos: 2, vocabularySize: 32000 });
  });
});

const nano = shared('fixtures/models/llama-gguf/q8_0.gguf');
describe.skipIf(!nano)('a GGUF of our own fixture', () => {
  it('gives the ids of its tokenizer.json', async (context) => {
    expectIds(context, 'models/llama', await openFile(nano!), golden['models/llama']!.ids);
  });
});

describe('a malformed vocabulary', () => {
  const sound = ggufOf('smollm', 'smollm');
  it.each<[string, string, unknown]>([
    ['another kind', 'tokenizer.ggml.model', 'bert'],
    ['an unknown way of cutting', 'tokenizer.ggml.pre', 'default'],
    ['no tokens', 'tokenizer.ggml.tokens', []],
    ['tokens that are no texts', 'tokenizer.ggml.tokens', [1, 2]],
    ['a token twice', 'tokenizer.ggml.tokens', ['a', 'a']],
    ['types for some tokens', 'tokenizer.ggml.token_type', [1]],
    ['merges of nothing', 'tokenizer.ggml.merges', ['no such']],
    ['an end beyond the vocabulary', 'tokenizer.ggml.eos_token_id', 99999],
    ['an end of turns beyond it', 'tokenizer.ggml.eot_token_id', 99999],
  ])('is refused: %s', (_, key, value) => {
    expect(() => open(new Map([...sound, [key, value]]))).toThrow(TokenizerError);
  });
});
