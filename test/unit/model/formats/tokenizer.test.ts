import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trainingText } from '../../../../src/data/micro/corpus.ts';
import { nanoPoint } from '../../../../src/judge/protocols/nano.ts';
import { trainTokenizer } from '../../../../src/model/formats/bpe.ts';
import { createTokenizer, TokenizerError } from '../../../../src/model/formats/tokenizer.ts';

const fixture = (path: string) => readFileSync(new URL(`../../../fixtures/${path}`, import.meta.url), 'utf8');

/** Prompts and completions of the embedded judge's corpus. */
function corpus(count: number): string[] {
  const texts = Array.from({ length: count }, (_, i) => trainingText('base', 1, i));
  return texts.flatMap(({ parts }) => parts.flatMap(({ prompt, completion }) => [prompt, completion]));
}

const VOCABULARY = 640;
const json = trainTokenizer(corpus(2000), VOCABULARY);
const trained = createTokenizer(json);

interface TokenizedPair {
  prompt_ids: number[];
  chosen_ids: number[];
  rejected_ids: number[];
}

describe('a tokenizer.json made by the Python tokenizers', () => {
  const tokenizer = createTokenizer(JSON.parse(fixture('dpo/tokenizer.json')) as object);
  const pairs = fixture('dpo/pairs.jsonl').trim().split('\n').map((line) => JSON.parse(line) as Record<string, string>); // prettier-ignore
  const expected = JSON.parse(fixture('dpo/tokenized.json')) as TokenizedPair[];

  it('gives the ids that Python gives', () => {
    const withEnd = (text: string) => [...tokenizer.encode(text), tokenizer.eos];
    const ids = pairs.map(({ prompt, chosen, rejected }) => ({
      prompt_ids: [...tokenizer.encode(prompt!)],
      chosen_ids: withEnd(chosen!),
      rejected_ids: withEnd(rejected!),
    }));
    expect(ids).toEqual(expected);
  });
});

describe('a tokenizer trained here', () => {
  it('is the same each time', () => {
    expect(trainTokenizer(corpus(2000), VOCABULARY)).toEqual(json);
  });

  it('has the size that was asked for, with special tokens first', () => {
    expect(trained).toMatchObject({ vocabularySize: VOCABULARY, pad: 0, bos: 1, eos: 2 });
  });

  it('gives every text back', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        '👩‍👩‍👧 שלום العربية',
        '\u0000\u0007\u001b[0m',
        '   a  \n\n\t b ',
        '<eos><bos>',
        "it's 007",
      ),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(trained.decode(trained.encode(text))).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it('reads special tokens in a text as plain text', () => {
    const ids = trained.encode('a <eos> and a <bos>');
    expect([trained.bos, trained.eos, trained.pad].some((id) => ids.includes(id))).toBe(false);
  });

  it('leaves special tokens out when it decodes', () => {
    expect(trained.decode([trained.bos, ...trained.encode('good'), trained.eos])).toBe('good');
  });

  it('makes one token of each figure, and of the score the same whatever stands before', () => {
    expect(trained.encode('1234567890')).toHaveLength(10);
    const ends = corpus(400)
      .filter((text) => /Score: 4$/.test(text))
      .map((text) => trained.encode(text).slice(-4).join(' '));
    expect(ends.length).toBeGreaterThan(10);
    expect(new Set(ends).size).toBe(1);
  });

  it('cuts prompt and completion where they meet', () => {
    const prompt = nanoPoint.render({
      id: '',
      instruction: 'List 2 tools.',
      response: 'axe',
      criterion: 'right count',
    });
    const completion = nanoPoint.target('Items: 1 axe. 1 given, 2 asked. Off by 1.', 4);
    const apart = [...trained.encode(prompt), ...trained.encode(completion)];
    expect([...trained.encode(prompt + completion)]).toEqual(apart);
  });

  it('refuses a vocabulary that has no room for the bytes', () => {
    expect(() => trainTokenizer([], 100)).toThrow(RangeError);
  });
});

describe('a broken tokenizer.json', () => {
  it.each([
    {},
    { model: { type: 'BPE' } },
    { ...json, added_tokens: [], model: { ...json.model, vocab: { a: 0 }, merges: [] } },
  ])('is refused with a typed error', (broken) => {
    expect(() => createTokenizer(broken)).toThrow(TokenizerError);
  });
});
