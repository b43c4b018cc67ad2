import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createTokenizer } from '../../../../src/model/formats/tokenizer.ts';
import { expectAllEqual } from '../../../agreement.ts';

/** Ids by the Python tokenizers library; test/fixtures/tokenizers/make_tokenizer_fixtures.py says how. */
interface Golden {
  ids: number[][];
  /** "a" with what the post-processor puts around it. */
  around: number[];
  /** Texts that Python's decoder does not give back as they were, by their index. */
  decoded: Record<string, string>;
}

const fixture = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../fixtures/${path}`, import.meta.url), 'utf8'));
const strings = fixture('tokenizers/strings.json') as string[];
const golden = fixture('tokenizers/ids.json') as Record<string, Golden>;

/** The first control token serves as the end; these tests ask for text alone. */
function open(family: string) {
  const path =
    family.includes('-') || family.includes('/')
      ? `${family}/tokenizer.json`
      : `tokenizers/${family}.tokenizer.json`;
  const json = fixture(path) as { added_tokens: { content: string }[] };
  return createTokenizer(json, { eos_token: json.added_tokens[0]!.content });
}

describe.each(Object.keys(golden))('the tokenizer of %s', (family) => {
  const tokenizer = open(family);
  const { ids, around, decoded } = golden[family]!;

  const subject = { fixture: family, backend: 'any' };

  it(`gives Python's ids for all of ${strings.length} strings`, (context) => {
    const wrong = strings
      .map((text, index) => ({ text, here: [...tokenizer.encode(text)], python: ids[index] }))
      .filter(({ here, python }) => here.join() !== python!.join());
    expectAllEqual(context, subject, 'ids of strings', wrong, strings.length);
  });

  it('gives every string back, or what Python gives', (context) => {
    const wrong = strings
      .map((text, index) => ({ text, here: tokenizer.decode(ids[index]!), python: decoded[index] ?? text }))
      .filter(({ here, python }) => here !== python);
    expectAllEqual(context, subject, 'strings given back', wrong, strings.length);
  });

  it("puts the model's own beginning and end around a text", () => {
    expect([...tokenizer.encode('a', { addSpecial: true })]).toEqual(around);
  });
});
