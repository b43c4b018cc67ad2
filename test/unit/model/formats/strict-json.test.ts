import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { JsonError, parseStrictJson } from '../../../../src/model/formats/strict-json.ts';
import { secondsSince } from './cpu-time.ts';

test('any JSON is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), (text) => {
      expect(parseStrictJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

describe('refused', () => {
  test.each([
    ['no JSON', '{"a":', /not JSON/],
    ['a key twice', '{"a":1,"b":{"a":2},"a":3}', /"a" twice/],
    ['a key twice in disguise', '{"a":1,"\\u0061" \n :2}', /"a" twice/],
    ['a key twice, deeper', '[{"x":[{"k":1,"k":1}]}]', /"k" twice/],
    ['33 levels', '['.repeat(33) + ']'.repeat(33), /deeper than 32/],
  ])('%s', (_, text, sentence) => {
    expect(() => parseStrictJson(text)).toThrow(JsonError);
    expect(() => parseStrictJson(text)).toThrow(sentence);
  });

  test('a brace, colon or quote within a text is no structure', () => {
    expect(parseStrictJson('{"a":"\\"}:{\\"a\\":","b":["a:","a"]}')).toEqual({
      a: '"}:{"a":',
      b: ['a:', 'a'],
    });
  });

  test.each([
    ['spaces', `{"a"${' '.repeat(4_000_000)}:1}`],
    ['backslashes', `{"a":"${'\\\\'.repeat(2_000_000)}"}`],
    ['objects', `[${'{"a":1},'.repeat(500_000)}1]`],
    ['brackets', '['.repeat(4_000_000)],
  ])('or read within two seconds: megabytes of %s', (_, text) => {
    const start = process.cpuUsage();
    try {
      parseStrictJson(text);
    } catch (error) {
      expect(error).toBeInstanceOf(JsonError);
    }
    expect(secondsSince(start)).toBeLessThan(2);
  });
});
