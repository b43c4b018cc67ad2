import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { entryOf, GLOSSARY, partsOf, termIn } from '../../../../src/app/components/glossary.ts';

const names = GLOSSARY.flatMap((entry) => entry.names);
const joined = (text: string) =>
  partsOf(text)
    .map((part) => (typeof part === 'string' ? part : part.name))
    .join('');

test('a name belongs to one entry, and each entry is a short text of whole sentences', () => {
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  for (const { names: own, says } of GLOSSARY) {
    expect(says, own[0]).toMatch(/^[\p{Lu}β“].*\.$/u);
    expect(says.length, own[0]).toBeLessThan(260);
  }
});

test.each(
  'DPO,rationale,held-out,β,κ,logprob,LoRA,LoRA rank,seed,rewards/margins,position bias,KV cache,preference pair,chosen,rejected,temperature,top-p,bootstrap interval,Quadratic-weighted κ,Pearson r,Spearman ρ,nDCG,Elo,Bradley–Terry'.split(
    ',',
  ),
)('%s has its sentence', (name) => {
  expect(entryOf(name)?.says).toBeTruthy();
});

test('cut where terms stand, a text is the same text', () => {
  const word = fc.oneof(fc.constantFrom(...names), fc.string());
  fc.assert(
    fc.property(fc.array(word), (words) => {
      const text = words.join(' ');
      expect(joined(text)).toBe(text);
    }),
  );
});

test('a term is found where it stands first, and as a word of its own', () => {
  const found = (text: string) =>
    partsOf(text).flatMap((part) => (typeof part === 'string' ? [] : [part.name]));
  expect(found('DPO makes rejected judgments less likely; DPO again')).toEqual(['DPO', 'rejected']);
  expect(found('κ beside Quadratic-weighted κ')).toEqual(['κ', 'Quadratic-weighted κ']);
  expect(found('relabelled, unrejected, LoRAs, rewards/chosenness')).toEqual([]);
  expect(termIn('LoRA rank')?.name).toBe('LoRA rank');
  expect(termIn('Rounds')).toBeUndefined();
});

test('whatever a page calls a term has a sentence', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.svelte'),
  );
  const called = files.flatMap((file) =>
    [...readFileSync(join('src', file), 'utf8').matchAll(/<Term of="([^"]+)"/g)].map(([, name]) => name!),
  );
  expect(called.length).toBeGreaterThan(10);
  expect(called.filter((name) => !entryOf(name))).toEqual([]);
});
