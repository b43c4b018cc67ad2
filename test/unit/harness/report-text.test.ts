import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockText, escape, formatValue, formatWithInterval } from '../../../src/harness/report-text.ts';

describe('numbers', () => {
  it.each([
    [0.551, 'share', '55.1\u00a0%'],
    [-0.031, 'points', '−3.1'],
    [12345, 'count', '12,345'],
    [0.7312, 'decimal3', '0.731'],
    [1177.4, 'rating', '1177'],
    [null, 'share', 'n/a'],
    [Number.NaN, 'share', 'n/a'],
    [Infinity, 'decimal2', '∞'],
  ] as const)('%s as %s is %s', (value, format, text) => {
    expect(formatValue(value, format)).toBe(text);
  });

  it('come with their interval where there is one', () => {
    expect(formatWithInterval({ value: 0.5, low: 0.4, high: 0.6 }, 'decimal2')).toBe('0.50 [0.40, 0.60]');
    expect(formatWithInterval({ value: 0.5 }, 'decimal2')).toBe('0.50');
    expect(formatWithInterval({ value: null, low: 0, high: 1 }, 'decimal2')).toBe('n/a');
  });
});

describe('texts that others wrote', () => {
  it.each([
    ['[a](javascript:1)', '[a\\](javascript:1)'],
    ['<img src=x>', '\\<img src=x>'],
    ['a | b', 'a \\| b'],
    ['*loud* and _soft_', '\\*loud\\* and \\_soft\\_'],
    ['snake_case [1, 2]', 'snake_case [1, 2]'],
    ['# head', '\\# head'],
    ['&lt;b&gt; &#x202E; R&D', '\\&lt;b\\&gt; \\&#x202E; R&D'],
    ['\u001B[31mred\u202E', '␛[31mred⟨U+202E⟩'],
  ])('%s is written %s', (text, written) => {
    expect(escape(text)).toBe(written);
  });

  it('never break a table', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (label, title) => {
        const lines = blockText({
          kind: 'table',
          title: 't',
          columns: [{ title }, { title: 'n', format: 'count' }],
          rows: [{ cells: [label, 3] }],
        }).split('\n');
        for (const line of lines.slice(2)) expect(line.match(/(?<!\\)\|/g)).toHaveLength(3);
      }),
    );
  });
});
