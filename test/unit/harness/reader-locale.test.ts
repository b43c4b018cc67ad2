import { afterEach, expect, test } from 'vitest';
import { formatCount, formatCounted, formatDate, formatDuration } from '../../../src/harness/format.ts';
import { writeFor, writtenForFile } from '../../../src/harness/reader-locale.ts';

afterEach(() => writeFor(['en-US']));

const AFTERNOON = new Date(2026, 10, 28, 14, 5);
const written = () => [formatCount(1_234_567), formatDuration(2.5), formatDate(AFTERNOON)];

test.each([
  [['en-US'], ['1,234,567', '2.5 s', 'Nov 28, 2026, 2:05 PM']],
  [
    ['en-GB', 'en'],
    ['1,234,567', '2.5 s', '28 Nov 2026, 14:05'],
  ],
  [['en-IN'], ['12,34,567', '2.5 s', '28 Nov 2026, 2:05 pm']],
  // Regions with a decimal comma: their dates, and the numbers of an English text.
  [
    ['de-DE', 'en-US'],
    ['1,234,567', '2.5 s', '28 Nov 2026, 14:05'],
  ],
  [['fr'], ['1,234,567', '2.5 s', '28 Nov 2026, 14:05']],
])('a reader who asks for %j', (languages, expected) => {
  writeFor(languages);
  // Newer tables of Unicode part the time of day by a narrow space.
  expect(written().map((text) => text.replaceAll(/[\u00a0\u202f]/g, ' '))).toEqual(expected);
});

test('languages that say nothing of a region change nothing', () => {
  const before = written();
  writeFor([]);
  writeFor(['not a language']);
  expect(written()).toEqual(before);
});

test('what goes into a file is the same whoever saves it', () => {
  writeFor(['en-IN']);
  expect(writtenForFile(() => formatCount(1_234_567))).toBe('1,234,567');
  expect(() =>
    writtenForFile(() => {
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(formatCount(1_234_567)).toBe('12,34,567');
});

test.each([
  [0, '0 pairs'],
  [1, '1 pair'],
  [2, '2 pairs'],
  [1200, '1,200 pairs'],
])('%d counted reads %j', (count, text) => {
  expect(formatCounted(count, 'pair')).toBe(text);
});
