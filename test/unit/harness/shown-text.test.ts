import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginningOf, nameInShort, visibleControls } from '../../../src/harness/shown-text.ts';

describe('what is invisible and changes what is seen', () => {
  it.each([
    ['a\u0000b\u001B[31mred', 'a␀b␛[31mred'],
    ['safe\u202Egnp.exe', 'safe⟨U+202E⟩gnp.exe'],
    ['a\u2066b\u2069c', 'a⟨U+2066⟩b⟨U+2069⟩c'],
    ['ze\u200Bro\uFEFF\u2060', 'ze⟨U+200B⟩ro⟨U+FEFF⟩⟨U+2060⟩'],
    ['\u009B31m', '⟨U+009B⟩31m'],
    ['over\rwritten\r\nline', 'over␍written\r\nline'],
    ['half \uD83D.', 'half ⟨U+D83D⟩.'],
    ['tag \u{E0041}', 'tag ⟨U+E0041⟩'],
    [`Z${'\u0301'.repeat(40)}algo`, `Z${'\u0301'.repeat(4)}⟨+36⟩algo`],
  ])('is shown: %j', (text, shown) => expect(visibleControls(text)).toBe(shown));

  it.each([
    'שלום, עולם!',
    'مرحبا بالعالم',
    'می\u200Cخواهم',
    '👩\u200D👩\u200D👧 🙂',
    'Việt Nam, é',
    'ที่นี่',
    'בְּרֵאשִׁ֖ית',
    'a\tb\nc',
    'left\u200Eright\u200F',
  ])('is not what people write: %s', (text) => expect(visibleControls(text)).toBe(text));

  it('is nowhere left, whatever the text, and changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = visibleControls(text);
        expect(/[\u001B\u0000\u202E\u2066\u009B]/.test(shown)).toBe(false);
        expect(shown.isWellFormed()).toBe(true);
        expect(visibleControls(shown)).toBe(shown);
      }),
    );
  });
});

describe('the beginning of a text', () => {
  it('has so many characters and lines at most, and never half a pair', () => {
    expect(beginningOf('abcdef', 3)).toBe('abc');
    expect(beginningOf('a🙂b', 2)).toBe('a');
    expect(beginningOf('a\nb\nc\nd', 99, 2)).toBe('a\nb');
    expect(beginningOf('a\nb', 99, 2)).toBe('a\nb');
    expect(beginningOf('', 5)).toBe('');
  });

  it('is a name in one line', () => {
    expect(nameInShort('  My\n\tdata ')).toBe('My data');
    expect(nameInShort('x'.repeat(1_000_000))).toBe(`${'x'.repeat(120)}…`);
    expect(nameInShort('fdp.\u202Efdp', 20)).toBe('fdp.⟨U+202E⟩fdp');
  });
});
