import { expect, test } from 'vitest';
import {
  formatBytes,
  formatChange,
  formatDuration,
  formatNumber,
  formatShare,
} from '../../../src/harness/format.ts';

test.each([
  [0.04, '0 s'],
  [2.34, '2.3 s'],
  [42.4, '42 s'],
  [59.7, '1 min'],
  [95, '1 min 35 s'],
  [240, '4 min'],
  [3599, '1 h'],
  [5400, '1 h 30 min'],
  [NaN, 'unknown'],
  [Infinity, 'unknown'],
])('%d seconds read %j', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [3_400_000, '3.4 MB'],
  [999_999, '1 MB'],
  [2e9, '2 GB'],
])('%d bytes read %j', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test('what is undefined is said to be so, never shown as 0', () => {
  expect(formatShare(null)).toBe('n/a');
  expect(formatShare(NaN)).toBe('n/a');
  expect(formatNumber(null)).toBe('n/a');
});

test('a change has its sign, and no change has none', () => {
  expect(formatChange(0.031)).toBe('+3.1');
  expect(formatChange(-0.031)).toBe('−3.1');
  expect(formatChange(-0.0001)).toBe('±0.0');
});

test('a value that rounds to zero has no minus', () => {
  expect(formatNumber(-0.001)).toBe('0.00');
  expect(formatNumber(-0.25)).toBe('−0.25');
});
