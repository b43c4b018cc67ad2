import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('../../../src/app/theme.css', import.meta.url), 'utf8');
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)].map(
    ([, name, light, dark]) => [name!, { light: light!, dark: dark! }],
  ),
);

/** Relative luminance (WCAG 2.2). */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const TEXT = [
  'ink/paper ink/surface ink/sunken ink/right-mid ink/high-mid ink/warn-wash ink/high-wash ink/right-wash',
  'ink-soft/paper ink-soft/surface ink-soft/sunken ink-faint/paper ink-faint/surface ink-faint/sunken',
  'accent/paper accent/surface accent/accent-wash accent-strong/accent-wash on-accent/accent',
  'right/surface right/right-wash high/surface high/high-wash low/surface low/low-wash warn/warn-wash',
  'on-strong/right on-accent/accent-strong',
].flatMap((line) => line.split(' '));

/** Borders of controls and marks of charts: 3 : 1 (WCAG 1.4.11). */
const MARKS = ['rule-strong/surface', 'rule-strong/paper', 'before/surface', 'accent/surface', 'high/sunken'];

describe.each(['light', 'dark'] as const)('%s', (scheme) => {
  const ratio = (pair: string) => {
    const [front, back] = pair.split('/').map((name) => tokens.get(name)![scheme]);
    return contrast(front!, back!);
  };

  test.each(TEXT)('text %s has a contrast of at least 4.5', (pair) => {
    expect(ratio(pair)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(MARKS)('mark %s has a contrast of at least 3', (pair) => {
    expect(ratio(pair)).toBeGreaterThanOrEqual(3);
  });
});
