import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { regexProblem } from '../../../../src/model/formats/regex-problem.ts';
import { createTokenizer, TokenizerError } from '../../../../src/model/formats/tokenizer.ts';
import { secondsSince } from './cpu-time.ts';

type Json = Record<string, unknown>;
const load = (family: string) =>
  JSON.parse(
    readFileSync(new URL(`../../../fixtures/tokenizers/${family}.tokenizer.json`, import.meta.url), 'utf8'),
  ) as Json;
const families = ['smollm', 'qwen', 'llama3', 'gemma', 'llama2', 'mistral', 'unigram'].map(load);
const llama3 = families[2]!;
const TEXT = 'The answer is 42, naïve 👩‍👩‍👧 <|eot_id|>   \n\n x';

/** Opens and uses a tokenizer; what it gives is sound, or it throws a typed error, soon. */
function expectSoundOrTyped(json: unknown): void {
  const start = process.cpuUsage();
  try {
    const tokenizer = createTokenizer(json as object, { eos_token: '</s>' });
    const ids = tokenizer.encode(TEXT, { addSpecial: true });
    expect(ids.every((id) => Number.isInteger(id) && id >= 0)).toBe(true);
    tokenizer.decode(ids);
  } catch (error) {
    expect(error).toBeInstanceOf(TokenizerError);
  }
  expect(secondsSince(start)).toBeLessThan(2);
}

/** Paths to everything in a file that is not the vocabulary itself, and to some of that. */
function paths(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries = Array.isArray(value) ? value.map((v, i) => [i, v] as const) : Object.entries(value);
  return [path, ...entries.slice(0, 12).flatMap(([key, inner]) => paths(inner, [...path, key]))];
}

function put(json: Json, path: readonly (string | number)[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const copy = (Array.isArray(json) ? [...(json as unknown[])] : { ...json }) as Json;
  copy[key] = put(copy[key] as Json, rest, value);
  return copy;
}

const withEnd = (family: Json): Json => {
  const added = [...(family['added_tokens'] as Json[]), { id: 1, content: '</s>', special: true }];
  return { ...family, added_tokens: added };
};

describe('a mangled tokenizer.json', () => {
  const strange = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      true,
      [],
      {},
      '',
      'x',
      -1,
      0.5,
      1e308,
      4294967294,
      Number.NaN,
      '__proto__',
      [null],
      '\uD800',
      '(a+)+$',
    ),
    fc.jsonValue({ maxDepth: 2 }),
    fc.integer(),
    fc.string(),
  );

  it('works or gives a typed error, within two seconds', () => {
    const mangled = fc
      .constantFrom(...families.map(withEnd))
      .chain((family) =>
        fc
          .array(fc.tuple(fc.constantFrom(...paths(family)), strange), { minLength: 1, maxLength: 2 })
          .map((edits) => edits.reduce<unknown>((json, [path, value]) => tryPut(json, path, value), family)),
      );
    fc.assert(fc.property(mangled, expectSoundOrTyped), { numRuns: 300 });
  });

  function tryPut(json: unknown, path: (string | number)[], value: unknown): unknown {
    try {
      return put(json as Json, path, value);
    } catch {
      return value; // An earlier edit took this path away.
    }
  }
});

describe('a hostile tokenizer.json', () => {
  const model = llama3['model'] as Json;
  const splitBy = (Regex: string) => ({
    ...llama3,
    pre_tokenizer: { type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: false },
  });
  const nested = (depth: number): unknown =>
    depth === 0 ? null : { type: 'Sequence', pretokenizers: [nested(depth - 1)] };

  it.each<[string, object]>([
    [
      'an enormous id',
      { ...llama3, model: { ...model, vocab: { ...(model['vocab'] as object), a: 4294967294 } } },
    ],
    [
      'an enormous id of an added token',
      { ...llama3, added_tokens: [{ id: 2 ** 31, content: 'x', special: true }] },
    ],
    ['a pattern that backtracks', splitBy('(a+)+$')],
    ['a pattern that backtracks over choices', splitBy('(?:a|a)*$')],
    ['a pattern of three powers', splitBy('.*.*.*x')],
    ['a pattern of two powers', splitBy('\\s+[^a]+x')],
    ['a group that sends back', splitBy('\\p{L}+\\p{L}+(?:1|2)')],
    ['a group of options, repeated', splitBy('(?:a?){50}a{50}')],
    ['a group of choices, repeated', splitBy('(?:a|aa){40}b')],
    ['a group of repetitions, repeated', splitBy('(?:a+){10}b')],
    ['a pattern of many powers', splitBy('a*a*a*a*a*a*a*a*b')],
    ['a pattern of many options', splitBy('a?a?a?a?a?a?a?a?a?a?aaaaaaaaaa')],
    ['a pattern that is none', splitBy('[')],
    ['parts without end', { ...llama3, pre_tokenizer: nested(5000) }],
    ['a merge of what is not there', { ...llama3, model: { ...model, merges: [['no', 'such']] } }],
    ['a merge of three', { ...llama3, model: { ...model, merges: ['a b c'] } }],
    ['a part that is not computed as in Python', { ...llama3, normalizer: { type: 'Precompiled' } }],
    ['dropout', { ...llama3, model: { ...model, dropout: 0.1 } }],
    ['a WordPiece model', { ...llama3, model: { ...model, type: 'WordPiece' } }],
    [
      'tokens that match whole words',
      { ...llama3, added_tokens: [{ id: 1, content: 'x', single_word: true }] },
    ],
  ])('is refused with a sentence: %s', (_, json) => {
    const start = process.cpuUsage();
    expect(() => createTokenizer(json, { eos_token: '<|eot_id|>' })).toThrow(TokenizerError);
    expect(secondsSince(start)).toBeLessThan(2);
  });
});

describe('patterns of real tokenizers', () => {
  const contraction = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
  it.each([
    ['GPT-2', "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"],
    [
      'Llama 3',
      `${contraction}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`,
    ],
    [
      'GPT-4o',
      `[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+${contraction}?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`,
    ],
    [
      'DeepSeek',
      '[!"#$%&\'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+',
    ],
    ['StarCoder', '\\p{N}'],
  ])('are let through: %s', (_, source) => {
    expect(regexProblem(source)).toBeNull();
  });
});
